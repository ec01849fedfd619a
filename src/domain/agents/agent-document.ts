// What is believed of the document by which an agent is known: its name, where it gets its answers, and what it may ask for. Everything else in it
// is ignored, so that no stranger gives themselves a grant, a key or a URL to be called. Tested in agent-document.test.ts.
import { CLIENT_SCOPES, type ClientFields, NEW_CLIENT } from '#domain/clients/client.ts'
import { fieldErrorsInRedirectUris, REDIRECT_URI_MAXIMUM } from '#domain/clients/redirect-uri.ts'
import { isDistinctName } from '#foundation/kernel/distinct-name.ts'
import { CLIENT_NAME_MAXIMUM } from '#foundation/kernel/stated-limits.ts'
import { hostOfDocument } from './allowed-documents.ts'

/** Why a document is refused: the field that is wrong, or that it is no object of JSON. */
export const DOCUMENT_FAULTS = ['json', 'client_id', 'client_name', 'redirect_uris', 'scope', 'client_uri'] as const
export type DocumentFault = (typeof DOCUMENT_FAULTS)[number]

export class WrongDocument extends Error {
  override readonly name = 'WrongDocument'
  readonly fault: DocumentFault

  constructor(fault: DocumentFault) {
    super(`The document of the agent is wrong: ${fault}`)
    this.fault = fault
  }
}

/** What an agent asks for where its document says nothing. It is asked for again at the page on which the user agrees. */
const USUAL_SCOPES = [...NEW_CLIENT.scopes, 'offline_access'] as const

/** Returns an agent as an app that is not trusted. Throws `WrongDocument`. */
export function readAgentDocument(url: string, text: string): ClientFields {
  const document = objectIn(text)
  // Otherwise a stranger with a page on the host of an agent could publish a document that names that agent.
  if (document['client_id'] !== url) throw new WrongDocument('client_id')
  return {
    ...NEW_CLIENT,
    kind: 'agent',
    name: nameIn(document, url),
    redirectUris: redirectUrisIn(document),
    scopes: scopesIn(document),
    authMethod: 'none',
    trusted: false,
    startUrl: clientUriIn(document),
    // What it says of itself leads no user there from the start page.
    hidden: true,
  }
}

type Document = Readonly<Record<string, unknown>>

function objectIn(text: string): Document {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new WrongDocument('json')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new WrongDocument('json')
  return value as Document
}

function nameIn(document: Document, url: string): string {
  const given = document['client_name'] ?? hostOfDocument(url)
  const name = typeof given === 'string' ? given.normalize('NFC').trim() : ''
  const isPossible = name !== '' && Array.from(name).length <= CLIENT_NAME_MAXIMUM && isDistinctName(name)
  if (!isPossible) throw new WrongDocument('client_name')
  return name
}

function redirectUrisIn(document: Document): string[] {
  const uris = document['redirect_uris']
  const isList = Array.isArray(uris) && uris.length > 0 && uris.every((uri) => typeof uri === 'string')
  if (!isList) throw new WrongDocument('redirect_uris')
  const errors = fieldErrorsInRedirectUris({ uris, allowHttp: false }, '/redirect_uris')
  if (errors.length > 0 || uris.some(isShortScheme)) throw new WrongDocument('redirect_uris')
  return uris
}

/** A private scheme without a dot belongs to no program alone, so any can claim it (RFC 8252 §7.1). */
function isShortScheme(uri: string): boolean {
  const [scheme = ''] = uri.split(':', 1)
  return !/^https?$/i.test(scheme) && !scheme.includes('.')
}

function scopesIn(document: Document): ClientFields['scopes'] {
  const scope = document['scope']
  if (scope === undefined) return CLIENT_SCOPES.filter((one) => (USUAL_SCOPES as readonly string[]).includes(one))
  if (typeof scope !== 'string') throw new WrongDocument('scope')
  const named = scope.split(' ')
  // Scopes of resources are no matter of the document: the page asks for them one by one.
  return CLIENT_SCOPES.filter((one) => one === 'openid' || named.includes(one))
}

function clientUriIn(document: Document): string | null {
  const uri = document['client_uri']
  if (uri === undefined) return null
  const url = typeof uri === 'string' && uri.length <= REDIRECT_URI_MAXIMUM ? URL.parse(uri) : null
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') throw new WrongDocument('client_uri')
  return url.href
}
