"""Look-ups (P3, P4): exports and read-only views of OMS, CMIS and the tariff, and what they answer."""
