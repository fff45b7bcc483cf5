/** What the sandbox's shop sells. NetSuite holds the same SKUs as items; ids there begin at 1001 in this order. */
export type CatalogueItem = Readonly<{
  sku: string
  title: string
  variant: string | null
  /** Decimal text in the shop's currency. */
  price: string
  requiresShipping: boolean
  taxable: boolean
  grams: number
  /** Decimal text: what one unit cost us. */
  cost: string
  stock: number
}>

const SIZES = ['S', 'M', 'L', 'XL'] as const
const COLOURS = ['Black', 'Sand', 'Olive'] as const

function garment(code: string, title: string, price: string, cost: string, grams: number): CatalogueItem[] {
  return COLOURS.flatMap((colour) =>
    SIZES.map((size) => ({
      sku: `${code}-${colour.slice(0, 3).toUpperCase()}-${size}`,
      title,
      variant: `${colour} / ${size}`,
      price,
      requiresShipping: true,
      taxable: true,
      grams,
      cost,
      stock: 400,
    })),
  )
}

function single(sku: string, title: string, price: string, cost: string, grams: number, shipped = true): CatalogueItem {
  return {
    sku,
    title,
    variant: null,
    price,
    requiresShipping: shipped,
    taxable: true,
    grams,
    cost,
    stock: shipped ? 900 : 0,
  }
}

export const catalogue: readonly CatalogueItem[] = [
  ...garment('TEE', 'Organic Tee', '24.00', '7.20', 180),
  ...garment('HOOD', 'Heavy Hoodie', '68.00', '22.50', 620),
  single('CAP-ONE', 'Canvas Cap', '19.50', '5.10', 110),
  single('MUG-12', 'Enamel Mug', '14.95', '3.80', 340),
  single('TOTE-L', 'Tote Bag', '32.00', '9.90', 260),
  single('SOCK-3P', 'Socks, three pairs', '17.99', '4.40', 150),
  single('BOOK-01', 'Field Guide', '41.25', '12.00', 700),
  single('EBOOK-01', 'Field Guide, digital', '9.99', '0.00', 0, false),
]
