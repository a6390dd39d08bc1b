"""The one place where the parts are put together: mailbox, readers, store, documents and the desk's decisions."""
