"""The console: pages for the people of a store and of the centre. Server-rendered; owns who may log in and what each role may do.

Stands on sync.central's tables and acts (commands, alerts, audit); nothing there knows of it but the hook in `sync.central.app`.
"""
