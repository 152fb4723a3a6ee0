from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RunKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RUN_KIND_UNSPECIFIED: _ClassVar[RunKind]
    RUN_KIND_REGULAR: _ClassVar[RunKind]
    RUN_KIND_FINAL: _ClassVar[RunKind]

class RunState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RUN_STATE_UNSPECIFIED: _ClassVar[RunState]
    RUN_STATE_PLANNED: _ClassVar[RunState]
    RUN_STATE_RATED: _ClassVar[RunState]
    RUN_STATE_OUTSORTED: _ClassVar[RunState]
    RUN_STATE_APPROVED: _ClassVar[RunState]
    RUN_STATE_FROZEN: _ClassVar[RunState]
    RUN_STATE_PUBLISHED: _ClassVar[RunState]
    RUN_STATE_CANCELLED: _ClassVar[RunState]
    RUN_STATE_REVERSED: _ClassVar[RunState]

class RunPhase(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RUN_PHASE_UNSPECIFIED: _ClassVar[RunPhase]
    RUN_PHASE_RATE: _ClassVar[RunPhase]
    RUN_PHASE_FREEZE: _ClassVar[RunPhase]
    RUN_PHASE_REVERSE: _ClassVar[RunPhase]

class RunOutcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RUN_OUTCOME_UNSPECIFIED: _ClassVar[RunOutcome]
    RUN_OUTCOME_REFUSED: _ClassVar[RunOutcome]
    RUN_OUTCOME_HELD: _ClassVar[RunOutcome]
    RUN_OUTCOME_RELEASED: _ClassVar[RunOutcome]
RUN_KIND_UNSPECIFIED: RunKind
RUN_KIND_REGULAR: RunKind
RUN_KIND_FINAL: RunKind
RUN_STATE_UNSPECIFIED: RunState
RUN_STATE_PLANNED: RunState
RUN_STATE_RATED: RunState
RUN_STATE_OUTSORTED: RunState
RUN_STATE_APPROVED: RunState
RUN_STATE_FROZEN: RunState
RUN_STATE_PUBLISHED: RunState
RUN_STATE_CANCELLED: RunState
RUN_STATE_REVERSED: RunState
RUN_PHASE_UNSPECIFIED: RunPhase
RUN_PHASE_RATE: RunPhase
RUN_PHASE_FREEZE: RunPhase
RUN_PHASE_REVERSE: RunPhase
RUN_OUTCOME_UNSPECIFIED: RunOutcome
RUN_OUTCOME_REFUSED: RunOutcome
RUN_OUTCOME_HELD: RunOutcome
RUN_OUTCOME_RELEASED: RunOutcome

class RunOrder(_message.Message):
    __slots__ = ("first_account", "last_account", "cycle", "first_day", "last_day", "issued_day", "straggler_day", "kind", "chunk_accounts", "straight", "estimate")
    FIRST_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    LAST_ACCOUNT_FIELD_NUMBER: _ClassVar[int]
    CYCLE_FIELD_NUMBER: _ClassVar[int]
    FIRST_DAY_FIELD_NUMBER: _ClassVar[int]
    LAST_DAY_FIELD_NUMBER: _ClassVar[int]
    ISSUED_DAY_FIELD_NUMBER: _ClassVar[int]
    STRAGGLER_DAY_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    CHUNK_ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    STRAIGHT_FIELD_NUMBER: _ClassVar[int]
    ESTIMATE_FIELD_NUMBER: _ClassVar[int]
    first_account: int
    last_account: int
    cycle: str
    first_day: str
    last_day: str
    issued_day: str
    straggler_day: str
    kind: RunKind
    chunk_accounts: int
    straight: bool
    estimate: bool
    def __init__(self, first_account: _Optional[int] = ..., last_account: _Optional[int] = ..., cycle: _Optional[str] = ..., first_day: _Optional[str] = ..., last_day: _Optional[str] = ..., issued_day: _Optional[str] = ..., straggler_day: _Optional[str] = ..., kind: _Optional[_Union[RunKind, str]] = ..., chunk_accounts: _Optional[int] = ..., straight: _Optional[bool] = ..., estimate: _Optional[bool] = ...) -> None: ...

class RunStep(_message.Message):
    __slots__ = ("state", "client_id", "actor", "reason", "recorded_at")
    STATE_FIELD_NUMBER: _ClassVar[int]
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    state: RunState
    client_id: int
    actor: str
    reason: str
    recorded_at: int
    def __init__(self, state: _Optional[_Union[RunState, str]] = ..., client_id: _Optional[int] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class RunProgress(_message.Message):
    __slots__ = ("phase", "pass_no", "until_day", "actor", "reason", "done", "chunks", "chunks_done", "accounts", "accounts_done", "bills", "held", "refused", "total", "digest", "begun_at", "microseconds", "accounts_per_second", "left_microseconds")
    PHASE_FIELD_NUMBER: _ClassVar[int]
    PASS_NO_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    CHUNKS_FIELD_NUMBER: _ClassVar[int]
    CHUNKS_DONE_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_DONE_FIELD_NUMBER: _ClassVar[int]
    BILLS_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    BEGUN_AT_FIELD_NUMBER: _ClassVar[int]
    MICROSECONDS_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_PER_SECOND_FIELD_NUMBER: _ClassVar[int]
    LEFT_MICROSECONDS_FIELD_NUMBER: _ClassVar[int]
    phase: RunPhase
    pass_no: int
    until_day: str
    actor: str
    reason: str
    done: bool
    chunks: int
    chunks_done: int
    accounts: int
    accounts_done: int
    bills: int
    held: int
    refused: int
    total: int
    digest: str
    begun_at: int
    microseconds: int
    accounts_per_second: int
    left_microseconds: int
    def __init__(self, phase: _Optional[_Union[RunPhase, str]] = ..., pass_no: _Optional[int] = ..., until_day: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., done: _Optional[bool] = ..., chunks: _Optional[int] = ..., chunks_done: _Optional[int] = ..., accounts: _Optional[int] = ..., accounts_done: _Optional[int] = ..., bills: _Optional[int] = ..., held: _Optional[int] = ..., refused: _Optional[int] = ..., total: _Optional[int] = ..., digest: _Optional[str] = ..., begun_at: _Optional[int] = ..., microseconds: _Optional[int] = ..., accounts_per_second: _Optional[int] = ..., left_microseconds: _Optional[int] = ...) -> None: ...

class RunRule(_message.Message):
    __slots__ = ("outcome", "rule", "accounts")
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    ACCOUNTS_FIELD_NUMBER: _ClassVar[int]
    outcome: RunOutcome
    rule: str
    accounts: int
    def __init__(self, outcome: _Optional[_Union[RunOutcome, str]] = ..., rule: _Optional[str] = ..., accounts: _Optional[int] = ...) -> None: ...

class RunFault(_message.Message):
    __slots__ = ("reason", "message", "at")
    REASON_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    AT_FIELD_NUMBER: _ClassVar[int]
    reason: str
    message: str
    at: int
    def __init__(self, reason: _Optional[str] = ..., message: _Optional[str] = ..., at: _Optional[int] = ...) -> None: ...

class Run(_message.Message):
    __slots__ = ("run_id", "simulated", "state", "order", "proposed", "steps", "passes", "rules", "under_way", "driven", "fault", "currency", "digits")
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    SIMULATED_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_FIELD_NUMBER: _ClassVar[int]
    STEPS_FIELD_NUMBER: _ClassVar[int]
    PASSES_FIELD_NUMBER: _ClassVar[int]
    RULES_FIELD_NUMBER: _ClassVar[int]
    UNDER_WAY_FIELD_NUMBER: _ClassVar[int]
    DRIVEN_FIELD_NUMBER: _ClassVar[int]
    FAULT_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    run_id: int
    simulated: bool
    state: RunState
    order: RunOrder
    proposed: _containers.RepeatedScalarFieldContainer[str]
    steps: _containers.RepeatedCompositeFieldContainer[RunStep]
    passes: _containers.RepeatedCompositeFieldContainer[RunProgress]
    rules: _containers.RepeatedCompositeFieldContainer[RunRule]
    under_way: bool
    driven: bool
    fault: RunFault
    currency: str
    digits: int
    def __init__(self, run_id: _Optional[int] = ..., simulated: _Optional[bool] = ..., state: _Optional[_Union[RunState, str]] = ..., order: _Optional[_Union[RunOrder, _Mapping]] = ..., proposed: _Optional[_Iterable[str]] = ..., steps: _Optional[_Iterable[_Union[RunStep, _Mapping]]] = ..., passes: _Optional[_Iterable[_Union[RunProgress, _Mapping]]] = ..., rules: _Optional[_Iterable[_Union[RunRule, _Mapping]]] = ..., under_way: _Optional[bool] = ..., driven: _Optional[bool] = ..., fault: _Optional[_Union[RunFault, _Mapping]] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class RunSummary(_message.Message):
    __slots__ = ("run_id", "simulated", "state", "order", "client_id", "recorded_at")
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    SIMULATED_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    CLIENT_ID_FIELD_NUMBER: _ClassVar[int]
    RECORDED_AT_FIELD_NUMBER: _ClassVar[int]
    run_id: int
    simulated: bool
    state: RunState
    order: RunOrder
    client_id: int
    recorded_at: int
    def __init__(self, run_id: _Optional[int] = ..., simulated: _Optional[bool] = ..., state: _Optional[_Union[RunState, str]] = ..., order: _Optional[_Union[RunOrder, _Mapping]] = ..., client_id: _Optional[int] = ..., recorded_at: _Optional[int] = ...) -> None: ...

class RunException(_message.Message):
    __slots__ = ("account_id", "number", "outcome", "rule", "message", "agreement_no", "total", "pass_no", "reason", "actor", "decided_at")
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    AGREEMENT_NO_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    PASS_NO_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    DECIDED_AT_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    number: str
    outcome: RunOutcome
    rule: str
    message: str
    agreement_no: int
    total: int
    pass_no: int
    reason: str
    actor: str
    decided_at: int
    def __init__(self, account_id: _Optional[int] = ..., number: _Optional[str] = ..., outcome: _Optional[_Union[RunOutcome, str]] = ..., rule: _Optional[str] = ..., message: _Optional[str] = ..., agreement_no: _Optional[int] = ..., total: _Optional[int] = ..., pass_no: _Optional[int] = ..., reason: _Optional[str] = ..., actor: _Optional[str] = ..., decided_at: _Optional[int] = ...) -> None: ...

class CreateRunRequest(_message.Message):
    __slots__ = ("request_id", "order", "simulated", "proposed")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    ORDER_FIELD_NUMBER: _ClassVar[int]
    SIMULATED_FIELD_NUMBER: _ClassVar[int]
    PROPOSED_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    order: RunOrder
    simulated: bool
    proposed: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, request_id: _Optional[str] = ..., order: _Optional[_Union[RunOrder, _Mapping]] = ..., simulated: _Optional[bool] = ..., proposed: _Optional[_Iterable[str]] = ...) -> None: ...

class CreateRunResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ...) -> None: ...

class GetRunRequest(_message.Message):
    __slots__ = ("run_id",)
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    run_id: int
    def __init__(self, run_id: _Optional[int] = ...) -> None: ...

class GetRunResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ...) -> None: ...

class ListRunsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListRunsResponse(_message.Message):
    __slots__ = ("runs", "next_page_token")
    RUNS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    runs: _containers.RepeatedCompositeFieldContainer[RunSummary]
    next_page_token: str
    def __init__(self, runs: _Optional[_Iterable[_Union[RunSummary, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class StartRunRequest(_message.Message):
    __slots__ = ("request_id", "run_id", "executor")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    EXECUTOR_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    run_id: int
    executor: str
    def __init__(self, request_id: _Optional[str] = ..., run_id: _Optional[int] = ..., executor: _Optional[str] = ...) -> None: ...

class StartRunResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ...) -> None: ...

class WatchRunRequest(_message.Message):
    __slots__ = ("run_id",)
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    run_id: int
    def __init__(self, run_id: _Optional[int] = ...) -> None: ...

class WatchRunResponse(_message.Message):
    __slots__ = ("state", "progress", "driven", "fault", "run")
    STATE_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    DRIVEN_FIELD_NUMBER: _ClassVar[int]
    FAULT_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    state: RunState
    progress: RunProgress
    driven: bool
    fault: RunFault
    run: Run
    def __init__(self, state: _Optional[_Union[RunState, str]] = ..., progress: _Optional[_Union[RunProgress, _Mapping]] = ..., driven: _Optional[bool] = ..., fault: _Optional[_Union[RunFault, _Mapping]] = ..., run: _Optional[_Union[Run, _Mapping]] = ...) -> None: ...

class ListRunExceptionsRequest(_message.Message):
    __slots__ = ("run_id", "outcome", "rule", "page_size", "page_token")
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    run_id: int
    outcome: RunOutcome
    rule: str
    page_size: int
    page_token: str
    def __init__(self, run_id: _Optional[int] = ..., outcome: _Optional[_Union[RunOutcome, str]] = ..., rule: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListRunExceptionsResponse(_message.Message):
    __slots__ = ("exceptions", "next_page_token", "currency", "digits")
    EXCEPTIONS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    CURRENCY_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    exceptions: _containers.RepeatedCompositeFieldContainer[RunException]
    next_page_token: str
    currency: str
    digits: int
    def __init__(self, exceptions: _Optional[_Iterable[_Union[RunException, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., currency: _Optional[str] = ..., digits: _Optional[int] = ...) -> None: ...

class ReleaseBillRequest(_message.Message):
    __slots__ = ("request_id", "run_id", "account_id", "number", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    run_id: int
    account_id: int
    number: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., run_id: _Optional[int] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ReleaseBillResponse(_message.Message):
    __slots__ = ("account_id",)
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    def __init__(self, account_id: _Optional[int] = ...) -> None: ...

class HoldBillRequest(_message.Message):
    __slots__ = ("request_id", "run_id", "account_id", "number", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    run_id: int
    account_id: int
    number: str
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., run_id: _Optional[int] = ..., account_id: _Optional[int] = ..., number: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class HoldBillResponse(_message.Message):
    __slots__ = ("account_id",)
    ACCOUNT_ID_FIELD_NUMBER: _ClassVar[int]
    account_id: int
    def __init__(self, account_id: _Optional[int] = ...) -> None: ...

class ApproveRunRequest(_message.Message):
    __slots__ = ("request_id", "run_id", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    run_id: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., run_id: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class ApproveRunResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ...) -> None: ...

class FreezeRunRequest(_message.Message):
    __slots__ = ("request_id", "run_id", "executor")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    EXECUTOR_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    run_id: int
    executor: str
    def __init__(self, request_id: _Optional[str] = ..., run_id: _Optional[int] = ..., executor: _Optional[str] = ...) -> None: ...

class FreezeRunResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ...) -> None: ...

class SupplementRunRequest(_message.Message):
    __slots__ = ("request_id", "run_id", "until_day", "executor")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    UNTIL_DAY_FIELD_NUMBER: _ClassVar[int]
    EXECUTOR_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    run_id: int
    until_day: str
    executor: str
    def __init__(self, request_id: _Optional[str] = ..., run_id: _Optional[int] = ..., until_day: _Optional[str] = ..., executor: _Optional[str] = ...) -> None: ...

class SupplementRunResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ...) -> None: ...

class PublishRunRequest(_message.Message):
    __slots__ = ("request_id", "run_id")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    run_id: int
    def __init__(self, request_id: _Optional[str] = ..., run_id: _Optional[int] = ...) -> None: ...

class PublishRunResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ...) -> None: ...

class CancelRunRequest(_message.Message):
    __slots__ = ("request_id", "run_id", "reason")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    run_id: int
    reason: str
    def __init__(self, request_id: _Optional[str] = ..., run_id: _Optional[int] = ..., reason: _Optional[str] = ...) -> None: ...

class CancelRunResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ...) -> None: ...

class ReverseRunRequest(_message.Message):
    __slots__ = ("request_id", "run_id", "day", "reason", "executor")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    DAY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EXECUTOR_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    run_id: int
    day: str
    reason: str
    executor: str
    def __init__(self, request_id: _Optional[str] = ..., run_id: _Optional[int] = ..., day: _Optional[str] = ..., reason: _Optional[str] = ..., executor: _Optional[str] = ...) -> None: ...

class ReverseRunResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ...) -> None: ...

class ResumeRunRequest(_message.Message):
    __slots__ = ("request_id", "run_id", "executor")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    RUN_ID_FIELD_NUMBER: _ClassVar[int]
    EXECUTOR_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    run_id: int
    executor: str
    def __init__(self, request_id: _Optional[str] = ..., run_id: _Optional[int] = ..., executor: _Optional[str] = ...) -> None: ...

class ResumeRunResponse(_message.Message):
    __slots__ = ("run",)
    RUN_FIELD_NUMBER: _ClassVar[int]
    run: Run
    def __init__(self, run: _Optional[_Union[Run, _Mapping]] = ...) -> None: ...
