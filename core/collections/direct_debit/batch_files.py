"""The file of a batch, of its debits and who is debited."""

from billcore.core.accounts.checks import Ints, ints, texts
from billcore.core.collections.direct_debit import domestic, pain008
from billcore.core.collections.direct_debit.desk import Desk
from billcore.core.collections.direct_debit.formats import PAIRS
from billcore.core.collections.direct_debit.states import Scheme, Sequence
from billcore.core.ordered import places
from billcore.core.store import debits as rows
from billcore.core.store import mandates as mandate_rows
from billcore.core.store.debit_batches import BatchRow
from billcore.core.store.port import Columns, Reader


def batch_file(reader: Reader, desk: Desk, batch: BatchRow, debits: Columns) -> bytes:
    """The bytes of a file: pain.008, or the request of a domestic pair.

    Raises DebitFormatUnknown, DebitFieldInvalid.
    """
    debtors = mandate_rows.debtors(reader, desk.provider_id, ints(debits["mandate_no"]))
    at, _ = places(ints(debtors["mandate_no"]), ints(debits["mandate_no"]))
    names = {name: texts(debtors[name]) for name in ("umr", "name", "iban", "bic")}
    names["bank_account"] = texts(debtors["bank_account"])
    signed = ints(debtors["signed_day"]).tolist()
    numbers = _numbers(reader, ints(debits["account_id"]))
    every = list(zip(rows.rows_of(debits), at.tolist(), numbers, strict=True))
    if batch.scheme == Scheme.DOMESTIC:
        pair = PAIRS.find(reader, desk.provider_id, batch.format)
        lines = [
            domestic.Request(
                end_to_end_id=one.end_to_end_id,
                amount=one.amount,
                name=names["name"][row],
                bank_account=names["bank_account"][row],
                account=number,
                umr=names["umr"][row],
            )
            for one, row, number in every
        ]
        header = domestic.Header(
            batch.message_id, desk.terms.creditor.id, batch.collection_day, desk.today
        )
        return domestic.write(pair, header, lines)
    transactions = [
        pain008.Transaction(
            end_to_end_id=one.end_to_end_id,
            amount=one.amount,
            sequence=Sequence(one.sequence),
            umr=names["umr"][row],
            signed_day=signed[row],
            name=names["name"][row],
            iban=names["iban"][row],
            bic=names["bic"][row],
            text=desk.terms.text.replace("{account}", number),
        )
        for one, row, number in every
    ]
    head = pain008.Header(
        batch.message_id,
        batch.format,
        desk.terms.creditor,
        Scheme(batch.scheme),
        batch.collection_day,
        batch.sealed_at,
    )
    return pain008.write(head, transactions)


def _numbers(reader: Reader, account_id: Ints) -> list[str]:
    told = mandate_rows.account_numbers(reader, account_id)
    at, _ = places(ints(told["account_id"]), account_id)
    every = texts(told["number"])
    return [every[row] for row in at.tolist()]
