// Loads the protocol's library when the first app needs it: without apps no file of it is read.
import type * as OidcProvider from 'oidc-provider'

export type Library = typeof OidcProvider

/** Returns the library. On a version of Node that it does not know it prints a line about that, which says nothing about this server. */
export async function loadProvider(): Promise<Library> {
  const { warn, info } = console
  Object.assign(console, { warn: () => undefined, info: () => undefined })
  try {
    return await import('oidc-provider')
  } finally {
    Object.assign(console, { warn, info })
  }
}
