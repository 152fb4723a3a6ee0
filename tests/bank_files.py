"""Files of banks for tests: camt.053, camt.054 and MT940, with what a test wants to be wrong."""

CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.{}.001.{}"

ENTRIES = """
   <Ntry><NtryRef>1</NtryRef><Amt Ccy="EUR">98.50</Amt><CdtDbtInd>CRDT</CdtDbtInd>
    <Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-02</Dt></BookgDt><ValDt><Dt>2026-03-03</Dt></ValDt>
    <AcctSvcrRef>BANK-1</AcctSvcrRef>
    <Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">1.50</TtlChrgsAndTaxAmt><Rcrd><Amt Ccy="EUR">1.50</Amt>
     <CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>
    <NtryDtls><Btch><PmtInfId>BATCH-7</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>
     <TxDtls><Refs><EndToEndId>E2E-1</EndToEndId><MndtId>M-1</MndtId></Refs>
      <Amt Ccy="EUR">60.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
      <RltdPties><Dbtr><Pty><Nm>Ada Payer</Nm></Pty></Dbtr></RltdPties>
      <RmtInf><Ustrd>Water</Ustrd><Ustrd>March</Ustrd></RmtInf></TxDtls>
     <TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="EUR">40.00</Amt>
      <CdtDbtInd>CRDT</CdtDbtInd></TxDtls></NtryDtls></Ntry>
   <Ntry><Amt Ccy="EUR">60.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><RvslInd>true</RvslInd>
    <Sts>BOOK</Sts><BookgDt><DtTm>2026-03-02T10:00:00+01:00</DtTm></BookgDt>
    <NtryDtls><TxDtls><Refs><EndToEndId>E2E-1</EndToEndId></Refs>
     <RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>
   <Ntry><Amt Ccy="EUR">7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts></Ntry>
   <Ntry><Amt Ccy="EUR">500.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
    <BookgDt><Dt>2026-03-02</Dt></BookgDt>
    <NtryDtls><Btch><PmtInfId>KIOSK 0228</PmtInfId><NbOfTxs>31</NbOfTxs></Btch></NtryDtls></Ntry>"""


def camt053(entries: str = ENTRIES, version: str = "08", closing: str = "638.50") -> str:
    """A statement that opens with 100.00."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="{CAMT.format("053", version)}"><BkToCstmrStmt>
 <GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-03T01:00:00</CreDtTm></GrpHdr>
 <Stmt><Id>S-61</Id><ElctrncSeqNb>61</ElctrncSeqNb>
  <FrToDt><FrDtTm>2026-03-02T00:00:00</FrDtTm><ToDtTm>2026-03-02T23:59:59</ToDtTm></FrToDt>
  <Acct><Id><IBAN>DE02120300000000202051</IBAN></Id><Ccy>EUR</Ccy></Acct>
  <Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">100.00</Amt>
   <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>
  <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{closing}</Amt>
   <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>
  <TxsSummry><TtlNtries><NbOfNtries>4</NbOfNtries><Sum>665.50</Sum></TtlNtries>
   <TtlCdtNtries><NbOfNtries>3</NbOfNtries><Sum>605.50</Sum></TtlCdtNtries></TxsSummry>{entries}
 </Stmt></BkToCstmrStmt></Document>"""


def camt054(entries: str = ENTRIES, version: str = "08") -> str:
    """A notification: no balances."""
    return f"""<Document xmlns="{CAMT.format("054", version)}"><BkToCstmrDbtCdtNtfctn>
 <Ntfctn><Id>N-1</Id><Acct><Id><Othr><Id>202051</Id></Othr></Id></Acct>{entries}</Ntfctn>
</BkToCstmrDbtCdtNtfctn></Document>"""


MT940 = """:20:EX-1
:25:DE12345/0001
:28C:7/1
:60F:C260301EUR100,00
:61:2603020302C250,50NTRF1421//BANK-001
:86:Water, March
:61:2603020302RC3,10NRTINONREF//BANK-002
:86:177?00RETURN?20EREF+E2E-77?21MREF+M-9?22SVWZ+Wasser?23 Maerz?32Max Muster?34AC04 closed
:62F:C260302EUR347,40
-
:20:EX-2
:25:DE12345/0001
:28C:8/1
:60F:C260302EUR347,40
:61:260303C5,NTRF//X
:86:/EREF/ABC-1/REMI/hello
 world
:62F:C260303EUR352,40
-
"""
