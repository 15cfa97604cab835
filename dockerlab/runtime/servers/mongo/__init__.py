"""MongoDB: mongod with its log in JSON, and mongosh for a small, honest part of its language."""
