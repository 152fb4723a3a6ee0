"""Why a backup is not made, not taken for whole, or not restored."""

from billcore.core.errors import BillcoreError


class BackupRefused(BillcoreError):
    """Where a backup is to go, or to be restored to, is not free, or the two do not fit."""

    reason = "BACKUP_REFUSED"


class BackupDamaged(BillcoreError):
    """A backup is not what its manifest says: take another one."""

    reason = "BACKUP_DAMAGED"

    def __init__(self, place: object, message: str) -> None:
        super().__init__(f"Backup {place}: {message}", place=place)


class BackupProgramFailed(BillcoreError):
    """A program of PostgreSQL is missing, too old, or ended with an error."""

    reason = "BACKUP_PROGRAM_FAILED"

    def __init__(self, program: str, message: str) -> None:
        super().__init__(f"{program}: {message}", program=program)
