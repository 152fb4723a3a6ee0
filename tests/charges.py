"""A charge for a new connection: an example of what one-off bills are rated by, not a real one."""

CONNECTION = """\
tariff: connection
label: {en: New connection}
currency: EUR
rounding: {line: 0.01 half_up}
period: {change: last}
inputs:
  pipe: {kind: choice, oneof: [dn15, dn25]}
  metres: {kind: number, unit: m, decimals: 1, max: 1000, default: 0}
  paved: {kind: flag, default: no}
  rebate: {kind: money, default: 0}
  previous_balance: {kind: money, default: 0}
versions:
  - from: 2020-01-01
    fee: {dn15: 800, dn25: 1500}
    trench_metre: 95.50
    paving: 40
    vat_rate: 20%
  - from: 2026-03-01
    trench_metre: 100
lines:
  - {id: connection, label: {en: Connection}, is: 'fee[pipe]'}
  - {id: trench, is: metres * trench_metre}
  - {id: surface, is: metres * paving, when: paved}
  - {id: less, is: 0 - rebate}
  - {id: vat, percent: {rate: vat_rate, of: [connection, trench, surface, less]}}
  - {id: before, is: previous_balance, info: yes}
total: {of: [connection, trench, surface, less, vat]}
"""
