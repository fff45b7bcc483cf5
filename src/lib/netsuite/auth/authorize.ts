/** Makes the Authorization header of one attempt; never called twice for the same attempt. */
type Authorize = (method: string, url: string) => string

/** Prepares (and where needed renews) a credential before a request takes a permit. */
export type Authorizer = () => Promise<Authorize>
