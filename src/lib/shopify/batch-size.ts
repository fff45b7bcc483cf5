/** How many orders one search asks for: it follows the cost that Shopify states for them. */
export type BatchSize = Readonly<{
  size(): number
  /** Tells what a search for so many orders cost, in requested points. */
  learn(asked: number, requested: number | null): void
  /** Tells that Shopify found a search of this size too dear. */
  shrink(): void
}>

/** Sizes of searches for orders, and whether to read them in both currencies at once. */
export type Sizing = Readonly<{
  plain: BatchSize
  detailed: BatchSize
  /** True when so many of the last orders needed the detailed reading that reading all so is cheaper than reading those twice. */
  detailFirst(): boolean
  saw(orders: number, needingDetail: number): void
}>

/** Below Shopify's 1000 points for a single query, with room for what we cannot foresee. */
const COST_TARGET = 950
const GROWTH = 1.25
/** A search term an order, so that the query stays a few kB. */
const MOST = 100
const LEAST = 5

/**
 * Grows by a quarter while the cost foreseen for that stays under the target. Cost grows at most linearly with the number
 * asked for, in truth far slower (shopify.dev: connections cost sub-linearly), so two known costs foresee the next one.
 * Halves, and stays below, when Shopify finds a search too dear after all.
 */
export function createBatchSize(start: number): BatchSize {
  let size = start
  let most = MOST
  let before: number | null = null

  return {
    size: () => size,
    learn: (asked, requested) => {
      if (requested === null || asked !== size || size === most) return
      const foreseen = before === null ? requested * GROWTH : requested + (requested - before) * GROWTH
      if (foreseen > COST_TARGET) return
      before = requested
      size = Math.min(most, Math.ceil(size * GROWTH))
    },
    shrink: () => {
      most = Math.max(LEAST, size - 1)
      size = Math.max(LEAST, Math.floor(size / 2))
      before = null
    },
  }
}

/** A detailed reading costs about 1.6 times a plain one, so it is worth it for all when more than every third needs it. */
const DETAIL_WORTH = 0.35

export function createSizing(): Sizing {
  let share = 0
  return {
    plain: createBatchSize(50),
    detailed: createBatchSize(12),
    detailFirst: () => share > DETAIL_WORTH,
    saw: (orders, needingDetail) => {
      const weight = orders / (orders + 50)
      if (orders > 0) share = share * (1 - weight) + (needingDetail / orders) * weight
    },
  }
}
