"""The gym over HTTP: one process a replica, no state outside the database.

Any replica answers any request. Statements, truth and scores come from the layers below; here are
only the forms of requests and replies, who may send them, and what is measured and logged.
"""
