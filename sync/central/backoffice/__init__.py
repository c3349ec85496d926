"""The open API for a back office: catalogue in, sales out, webhooks. Owns tokens, staged catalogues and the numbering of sales.

Stands on sync.central's tables and feeds; nothing there knows of it but the hook in `sync.central.app`.
"""
