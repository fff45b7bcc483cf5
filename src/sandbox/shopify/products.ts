import {catalogue, type CatalogueItem} from '../catalogue.ts'
import {connection, type Connection, type PageArguments} from './connection.ts'
import {legacyId, text} from './document.ts'
import type {Json} from './json.ts'

/** Numeric ids that the catalogue's products and variants have in the shop. */
export function catalogueIds(item: CatalogueItem): Readonly<{productId: number; variantId: number}> {
  return {
    productId: 8_017_400_000_001 + catalogue.findIndex((other) => other.title === item.title),
    variantId: 44_100_000_000_001 + catalogue.indexOf(item),
  }
}

type VariantFacts = Readonly<{
  id: string
  productId: string | null
  sku: string | null
  title: string
  productTitle: string
  price: string
  vendor: string
  stock: number
  taxable: boolean
  requiresShipping: boolean
  isGiftCard: boolean
}>

type Product = Readonly<{
  __typename: 'Product'
  id: string
  legacyResourceId: string
  title: string
  handle: string
  vendor: string
  productType: string
  status: string
  isGiftCard: boolean
  totalInventory: number
  variants: (given: PageArguments) => Connection<Variant>
  createdAt: string
  updatedAt: string
}>

/** A variant as the type ProductVariant. */
export type Variant = Readonly<{
  __typename: 'ProductVariant'
  id: string
  legacyResourceId: string
  title: string
  displayName: string
  sku: string | null
  barcode: null
  price: string
  position: number
  taxable: boolean
  inventoryQuantity: number
  inventoryItem: Readonly<Record<string, unknown>>
  product: Product
  createdAt: string
  updatedAt: string
}>

const SINCE = '2025-01-01T00:00:00Z'

function variant(facts: VariantFacts): Variant {
  return {
    __typename: 'ProductVariant',
    id: `gid://shopify/ProductVariant/${facts.id}`,
    legacyResourceId: facts.id,
    title: facts.title,
    displayName: `${facts.productTitle} - ${facts.title}`,
    sku: facts.sku,
    barcode: null,
    price: facts.price,
    position: 1,
    taxable: facts.taxable,
    inventoryQuantity: facts.stock,
    inventoryItem: {
      id: `gid://shopify/InventoryItem/${facts.id}`,
      legacyResourceId: facts.id,
      sku: facts.sku,
      tracked: facts.requiresShipping,
      requiresShipping: facts.requiresShipping,
    },
    product: {
      __typename: 'Product',
      id: `gid://shopify/Product/${facts.productId ?? '0'}`,
      legacyResourceId: facts.productId ?? '0',
      title: facts.productTitle,
      handle: facts.productTitle.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
      vendor: facts.vendor,
      productType: '',
      status: 'ACTIVE',
      isGiftCard: facts.isGiftCard,
      totalInventory: facts.stock,
      variants: connection(() => variants.filter((one) => one.product.legacyResourceId === facts.productId)),
      createdAt: SINCE,
      updatedAt: SINCE,
    },
    createdAt: SINCE,
    updatedAt: SINCE,
  }
}

/** What the shop sells, as the type ProductVariant, in the catalogue's order. */
export const variants: readonly Variant[] = catalogue.map((item) => {
  const {productId, variantId} = catalogueIds(item)
  return variant({
    id: String(variantId),
    productId: String(productId),
    sku: item.sku,
    title: item.variant ?? 'Default Title',
    productTitle: item.title,
    price: item.price,
    vendor: 'Tieout Demo',
    stock: item.stock,
    taxable: item.taxable,
    requiresShipping: item.requiresShipping,
    isGiftCard: false,
  })
})

const byId = new Map(variants.map((one) => [one.legacyResourceId, one]))

/** The variant that a line sold, known from the line itself where the catalogue lacks it; null for custom lines. */
export function variantOf(line: Json): Variant | null {
  const id = text(line, 'variant_id')
  if (id === null || line.product_exists === false) return null
  return (
    byId.get(id) ??
    variant({
      id,
      productId: text(line, 'product_id'),
      sku: text(line, 'sku'),
      title: text(line, 'variant_title') ?? 'Default Title',
      productTitle: text(line, 'title') ?? legacyId(line) ?? '',
      price: text(line, 'price') ?? '0.00',
      vendor: text(line, 'vendor') ?? '',
      stock: 0,
      taxable: line.taxable === true,
      requiresShipping: line.requires_shipping === true,
      isGiftCard: line.gift_card === true,
    })
  )
}

/** The catalogue's products, each with its variants. */
export function products(): readonly Product[] {
  const distinct = new Map(variants.map((one) => [one.product.id, one.product]))
  return [...distinct.values()]
}
