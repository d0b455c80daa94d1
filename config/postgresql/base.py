"""Persistent connections whose health is seen from the socket instead of asked by a query.

Django's own check (CONN_HEALTH_CHECKS) sends SELECT 1 before a request's first query: one more
round trip for every page. A server that died, or ended this connection, has closed the socket or
sent a farewell, and either makes it readable; an idle healthy connection has nothing to read.
"""

import select

from django.db.backends.postgresql import base
from psycopg import pq


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper, but for is_usable."""

    def is_usable(self) -> bool:
        """Whether the idle connection can be used again. Makes no query.

        Rarely too careful: a notice from the server also makes the socket readable, and then the
        connection is replaced by a new one.
        """
        connection = self.connection
        if connection is None or connection.closed:
            return False
        if connection.pgconn.status != pq.ConnStatus.OK:
            return False
        poll = select.poll()
        poll.register(connection.pgconn.socket, select.POLLIN | select.POLLPRI)
        return not poll.poll(0)
