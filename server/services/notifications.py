"""The calls of AccountService on notification preferences: convert, call, convert, return."""

import grpc

from billcore.core.accounts.preferences import preferences_of, set_preferences
from billcore.server import asked
from billcore.server.backend import Backend, Write
from billcore.server.messages import account as fields
from billcore.server.messages import notifications as messages
from billcore.v1 import notifications_pb2 as pb

Context = grpc.ServicerContext


class NotificationCalls:
    """How people want to be told of their accounts."""

    _backend: Backend

    def SetNotificationPreferences(
        self, request: pb.SetNotificationPreferencesRequest, context: Context
    ) -> bytes:
        def act(write: Write) -> pb.SetNotificationPreferencesResponse:
            account_id, given = (
                asked.account(write.session, request).account_id,
                request.preferences,
            )
            made = set_preferences(
                write,
                account_id,
                given.channel,
                given.language,
                given.events,
                given.version,
                fields.reason(request),
            )
            return pb.SetNotificationPreferencesResponse(preferences=messages.preferences(made))

        return self._backend.once(request, context, act)

    def GetNotificationPreferences(
        self, request: pb.GetNotificationPreferencesRequest, context: Context
    ) -> pb.GetNotificationPreferencesResponse:
        with self._backend.store.read() as reader:
            account_id = asked.account(reader, request).account_id
            known_at = asked.moment(reader, self._backend.now()).known_at(request.known_at)
            found = preferences_of(reader, account_id, known_at)
        return pb.GetNotificationPreferencesResponse(preferences=messages.preferences(found))
