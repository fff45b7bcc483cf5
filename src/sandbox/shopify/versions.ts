/** The versions that Shopify serves in November 2026, oldest first (Shopify: API versioning, release notes). */
export const API_VERSIONS: readonly Readonly<{handle: string; isStable: boolean}>[] = [
  {handle: '2026-01', isStable: true},
  {handle: '2026-04', isStable: true},
  {handle: '2026-07', isStable: true},
  {handle: '2026-10', isStable: true},
  {handle: '2027-01', isStable: false},
  {handle: 'unstable', isStable: false},
]

const OLDEST = '2026-01'

/**
 * The version that executes a call: the one asked for; the oldest one for a retired version or none (Shopify calls it
 * falling forward, and tells only by the header X-Shopify-API-Version). Null for what never was a version.
 */
export function servedVersion(asked: string | null): string | null {
  if (asked === null) return OLDEST
  if (API_VERSIONS.some(({handle}) => handle === asked)) return asked
  return /^20(19|2\d)-(01|04|07|10)$/.test(asked) && asked < OLDEST ? OLDEST : null
}
