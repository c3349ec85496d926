"""How bytes reach a device, a file a kind of wire. `devices.transport` is the public name; nothing else imports these."""
