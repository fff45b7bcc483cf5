/** How fast an app may spend points against a shop. */
export type Plan = Readonly<{maximumAvailable: number; restoreRate: number}>

/** Shopify's Advanced plan (Shopify: API limits; the bucket's size as measured). */
export const ADVANCED: Plan = {maximumAvailable: 4000, restoreRate: 200}

type ThrottleStatus = Readonly<{maximumAvailable: number; currentlyAvailable: number; restoreRate: number}>

/** A leaky bucket of points: admission by the requested cost, charged in the end with the actual cost. */
export type Bucket = Readonly<{
  /** Takes the points, or takes nothing and says false. */
  take(points: number): boolean
  giveBack(points: number): void
  fill(): void
  status(): ThrottleStatus
}>

/** @param clockMs a clock that never jumps, in milliseconds; not the shop's, which may be a simulated one */
export function createBucket(plan: Plan, clockMs: () => number = () => performance.now()): Bucket {
  let available = plan.maximumAvailable
  let at = clockMs()

  function restore(): void {
    const now = clockMs()
    available = Math.min(plan.maximumAvailable, available + ((now - at) / 1000) * plan.restoreRate)
    at = now
  }

  return {
    take(points) {
      restore()
      if (points > available) return false
      available -= points
      return true
    },
    giveBack(points) {
      restore()
      available = Math.min(plan.maximumAvailable, available + points)
    },
    fill() {
      available = plan.maximumAvailable
    },
    status() {
      restore()
      return {
        maximumAvailable: plan.maximumAvailable,
        currentlyAvailable: Math.floor(available),
        restoreRate: plan.restoreRate,
      }
    },
  }
}
