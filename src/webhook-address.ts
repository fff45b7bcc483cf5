import {UsageError} from './lib/core/errors.ts'

/**
 * What keeps a text from being the address of our listener; null: nothing. Shopify delivers to https only (shopify.dev,
 * "Webhooks"); plain http is for the sandbox, on this machine.
 */
export function addressFault(text: string): string | null {
  if (!URL.canParse(text)) return 'is not an address such as https://hooks.example.com/webhooks/shopify'
  const {protocol, hostname, pathname, username, hash} = new URL(text)
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback)) return 'must begin with https://'
  if (pathname === '/') return 'lacks its path: the listener answers under /webhooks/shopify'
  if (username !== '' || hash !== '') return 'must not hold a user or a #: deliveries are known by their signature'
  return null
}

/** The address that was typed, else the one of the settings. Throws UsageError FLAGS_INVALID. */
export function chosenUrl(typed: string | undefined, known: string | null): string {
  const url = typed ?? known
  const fault = url === null ? 'is missing, and TIEOUT_WEBHOOK_URL is not set' : addressFault(url)
  if (fault === null && url !== null) return url
  throw new UsageError('FLAGS_INVALID', `--url ${typed === undefined ? '' : `${typed} `}${fault}`, {
    hint: 'give the public address of tieout webhooks:listen, https://hooks.example.com/webhooks/shopify',
  })
}
