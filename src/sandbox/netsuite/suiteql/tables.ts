/** Types of columns as the stand-in keeps them: ids are numbers, flags are 'T' or 'F', days and date-times are timestamps. */
type Column = 'id' | 'number' | 'text' | 'flag' | 'time'

export type Table = Readonly<{
  name: string
  columns: Readonly<Record<string, Column>>
  /** Column that says to which record a row belongs. */
  owner: string
  /** Custom fields that are columns here. */
  custom: 'body' | 'column' | 'entity' | 'item' | null
}>

/** "id:id name:text" → columns; a name without a type is text. */
function columns(text: string): Record<string, Column> {
  const pairs = text.trim().split(/\s+/)
  return Object.fromEntries(pairs.map((pair) => [pair.split(':')[0] ?? pair, (pair.split(':')[1] ?? 'text') as Column]))
}

function table(name: string, text: string, owner = 'id', custom: Table['custom'] = null): Table {
  return {name, columns: columns(text), owner, custom}
}

const LINK =
  'previousdoc:id previousline:id previoustype nextdoc:id nextline:id nexttype linktype foreignamount:number owner$id:id'

/**
 * The tables of the analytics data source that the stand-in has, with the columns that several public sources agree on.
 * What is missing here is missing there (createdfrom on transaction) or doubtful. Names with "$" are the stand-in's own.
 */
export const tables: readonly Table[] = [
  table(
    'transaction',
    `id:id type recordtype tranid transactionnumber trandisplayname externalid status status$cf entity:id trandate:time duedate:time
    shipdate:time closedate:time createddate:time lastmodifieddate:time currency:id exchangerate:number foreigntotal:number
    foreignamountunpaid:number foreignpaymentamountused:number otherrefnum postingperiod:id posting:flag voided:flag void:flag memo email
    terms:id shipcarrier nexus:id taxdetailsoverride:flag approvalstatus shippingaddress:id billingaddress:id paymentmethod:id source`,
    'id',
    'body',
  ),
  table(
    'transactionline',
    `transaction:id id:id uniquekey:id linesequencenumber:id mainline:flag taxline:flag iscogs:flag isclosed:flag isbillable:flag
    isinventoryaffecting:flag isfullyshipped:flag fulfillable:flag donotdisplayline:flag transactiondiscount:flag assemblycomponent:flag
    kitcomponent:flag kitmemberof:id dropship:flag specialorder:flag item:id units:id quantity:number quantityshiprecv:number
    quantitybilled:number quantitycommitted:number quantitybackordered:number quantitypicked:number quantitypacked:number rate:number
    ratepercent:number price:id commitinventory expectedshipdate:time expectedreceiptdate:time netamount:number foreignamount:number
    foreignamountpaid:number foreignamountunpaid:number createdfrom:id entity:id subsidiary:id department:id class:id location:id
    inventorylocation:id expenseaccount:id memo documentnumber paymentmethod:id shipmethod:id linelastmodifieddate:time linecreateddate:time`,
    'transaction',
    'column',
  ),
  table(
    'transactionaccountingline',
    `accountingbook:id transaction:id transactionline:id account:id amount:number netamount:number debit:number credit:number posting:flag
    exchangerate:number amountpaid:number amountunpaid:number amountlinked:number paymentamountused:number paymentamountunused:number`,
    'transaction',
  ),
  ...['previoustransactionlinelink', 'nexttransactionlinelink'].map((name) => table(name, LINK, 'owner$id')),
  ...['previoustransactionlink', 'nexttransactionlink'].map((name) =>
    table(
      name,
      'previousdoc:id previoustype nextdoc:id nexttype linktype foreignamount:number owner$id:id',
      'owner$id',
    ),
  ),
  table('trackingnumbermap', 'transaction:id trackingnumber:id', 'transaction'),
  table('trackingnumber', 'id:id trackingnumber owner$id:id', 'owner$id'),
  table(
    'transactionshippingaddress',
    'nkey:id addressee addr1 addr2 addr3 attention city state zip country addrphone',
    'nkey',
  ),
  table(
    'transactionbillingaddress',
    'nkey:id addressee addr1 addr2 addr3 attention city state zip country addrphone',
    'nkey',
  ),
  table('transactionstatus', 'id trantype name fullname friendlykey'),
  table(
    'item',
    `id:id itemid fullname displayname itemtype description upccode mpn manufacturer vendorname parent:id matrixtype isinactive:flag
    class:id department:id location:id subsidiary cost:number averagecost:number lastpurchaseprice:number reorderpoint:number
    preferredstocklevel:number leadtime:number incomeaccount:id assetaccount:id expenseaccount:id externalid createddate:time
    lastmodifieddate:time quantityonhand:number quantityavailable:number quantitycommitted:number quantityonorder:number
    quantitybackordered:number`,
    'id',
    'item',
  ),
  table('pricing', 'item:id pricelevel:id currency:id quantity:number unitprice:number', 'item'),
  ...['inventoryitemlocations', 'aggregateitemlocation'].map((name) =>
    table(
      name,
      `item:id location:id quantityonhand:number quantityavailable:number quantitycommitted:number quantityonorder:number
      quantitybackordered:number quantityintransit:number reorderpoint:number preferredstocklevel:number
      lastquantityavailablechange:time`,
      'item',
    ),
  ),
  table('kititemmember', 'parentitem:id item:id quantity:number', 'parentitem'),
  table(
    'customer',
    `id:id entityid externalid altname fullname isperson:flag firstname middlename lastname companyname email altemail phone altphone
    mobilephone homephone comments currency:id pricelevel:id terms:id category:id entitystatus:id searchstage parent:id
    receivablesaccount:id salesrep:id defaultbillingaddress:id defaultshippingaddress:id isinactive:flag duplicate:flag
    globalsubscriptionstatus datecreated:time lastmodifieddate:time creditlimit:number`,
    'id',
    'entity',
  ),
  table('entity', 'id:id type customer:id vendor:id isperson:flag parent:id datecreated:time entitytitle'),
  table(
    'customersubsidiaryrelationship',
    'entity:id subsidiary:id isprimarysub:flag balance:number depositbalance:number primarycurrency:id',
    'entity',
  ),
  table(
    'customeraddressbook',
    'entity:id internalid:id addressbookaddress:id label defaultbilling:flag defaultshipping:flag',
    'entity',
  ),
  table(
    'customeraddressbookentityaddress',
    'nkey:id attention addressee addrphone addr1 addr2 addr3 city state dropdownstate zip country addrtext override:flag recordowner:id',
    'recordowner',
  ),
  table(
    'currency',
    'id:id symbol name displaysymbol currencyprecision:number exchangerate:number isbasecurrency:flag isinactive:flag lastmodifieddate:time',
  ),
  table(
    'subsidiary',
    'id:id name fullname legalname parent:id currency:id country state isinactive:flag lastmodifieddate:time',
  ),
  table(
    'location',
    'id:id name fullname externalid parent:id subsidiary isinactive:flag makeinventoryavailable:flag lastmodifieddate:time',
  ),
  table(
    'account',
    'id:id acctnumber fullname accountsearchdisplayname accttype sspecacct currency:id isinactive:flag issummary:flag lastmodifieddate:time',
  ),
  table('term', 'id:id name daysuntilnetdue:number isinactive:flag'),
  ...['department', 'classification'].map((name) =>
    table(name, 'id:id name fullname parent:id isinactive:flag lastmodifieddate:time'),
  ),
  ...['pricelevel', 'paymentmethod', 'employee'].map((name) =>
    table(name, 'id:id name isinactive:flag lastmodifieddate:time'),
  ),
  table('salestaxitem', 'id:id name rate:number taxtype:id isinactive:flag'),
  table('taxtype', 'id:id name isinactive:flag'),
  table('nexus', 'id:id country description state'),
  table(
    'accountingperiod',
    `id:id periodname startdate:time enddate:time isposting:flag isadjust:flag isquarter:flag isyear:flag isinactive:flag closed:flag
    alllocked:flag arlocked:flag aplocked:flag allownonglchanges:flag parent:id lastmodifieddate:time`,
  ),
  table(
    'customfield',
    'scriptid name fieldtype fieldvaluetype ismandatory:flag owner lastmodifieddate:time record$id:id',
    'record$id',
  ),
  table('companyfeaturesetup', 'id name isavailable:flag isactive:flag'),
  table('script', 'id:id scriptid name scripttype scriptfile apiversion isinactive:flag owner description'),
  table(
    'scriptdeployment',
    'primarykey:id scriptid title script:id recordtype status isdeployed:flag loglevel',
    'primarykey',
  ),
  table('deletedrecord', 'deleteddate:time type recordid:id deletedby context', 'recordid'),
  table('dual', 'dummy', 'dummy'),
]

const SQL_TYPES: Readonly<Record<Column, string>> = {
  id: 'bigint',
  number: 'numeric',
  text: 'text',
  flag: 'text',
  time: 'timestamp',
}

export const tableNames: ReadonlySet<string> = new Set(tables.map(({name}) => name))

/** The statement that makes a table with the indexes of NetSuite's: primary keys and last modified dates. */
export function createTable({name, columns: cols, owner}: Table): string {
  const list = Object.entries(cols).map(([column, type]) => `"${column}" ${SQL_TYPES[type]}`)
  const indexed = new Set([
    owner,
    ...['lastmodifieddate', 'externalid', 'createdfrom', 'itemid', 'email'].filter((each) => each in cols),
  ])
  const indexes = [...indexed].map((column) => `CREATE INDEX ON "${name}" ("${column}");`)
  return `CREATE UNLOGGED TABLE "${name}" (${list.join(', ')}); ${indexes.join(' ')}`
}
