// Who sends a request, by the headers that a reverse proxy adds once it has asked Doorward (forward-auth).
import { AccessError, requireGroup } from './caller.ts'
import { listedIn } from './networks.ts'

/** The user whom Doorward has named to the proxy. */
export interface RemoteUser {
  /** An id that no other user ever gets. Remember users by it: a username can go to someone else. */
  readonly subject: string
  readonly username: string
  readonly fullName: string | undefined
  /** Undefined unless it is verified. */
  readonly email: string | undefined
  /** Those that the host may learn of. */
  readonly groups: readonly string[]
}

/** What a request needs beside a user. Roles and stronger sign-ins are demanded by the rules of the host. */
export interface RemoteDemands {
  /** One of these groups. */
  readonly groups?: readonly string[]
}

export interface RemoteUsersOptions {
  /** The IP addresses from which the proxies connect, or networks, such as `['127.0.0.1', '10.1.0.0/16']`. */
  readonly proxies: readonly string[]
  /**
   * Takes a header that is not there for an empty one: nginx leaves out those that are empty. It must then set all five, or a client could
   * send the others.
   */
  readonly leavesOutEmpty?: boolean
}

/** A request with its connection, as Node, Express and Fastify have it. */
export interface Connected {
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>
  readonly socket?: { readonly remoteAddress?: string | undefined } | undefined
}

export interface RemoteUsers {
  /** Returns who sends a request; throws an `AccessError` otherwise. */
  readonly verify: (request: Connected, demands?: RemoteDemands) => Promise<RemoteUser>
  /** The same, but undefined where the proxy lets requests through without a user. */
  readonly verifyIfSent: (request: Connected, demands?: RemoteDemands) => Promise<RemoteUser | undefined>
}

/**
 * Reads the headers `Remote-*` of requests that come from a listed proxy, by the connection itself: a header such as `X-Forwarded-For` can be
 * made up. Refuses all other requests, and those for which the proxy did not set all five headers.
 */
export function remoteUsers({ proxies, leavesOutEmpty = false }: RemoteUsersOptions): RemoteUsers {
  const isListed = listedIn(proxies)
  const verifyIfSent = async (request: Connected, demands: RemoteDemands = {}): Promise<RemoteUser | undefined> => {
    const { groups, ...unknown } = demands
    for (const name of Object.keys(unknown)) throw new TypeError(`A host cannot demand "${name}"`)
    if (request.socket === undefined)
      throw new TypeError('The request has no connection: say by `ipAddressOf` from which IP address it came')
    if (!isListed(request.socket.remoteAddress ?? ''))
      throw new AccessError(403, 'The request did not come through a listed proxy')
    const user = userIn(request.headers, leavesOutEmpty ? '' : undefined)
    if (user !== undefined && groups !== undefined) requireGroup(user, groups)
    return user
  }
  return {
    verifyIfSent,
    async verify(request, demands) {
      const user = await verifyIfSent(request, demands)
      if (user === undefined) throw new AccessError(401, 'No user is signed in')
      return user
    },
  }
}

/** Undefined where all headers are empty: the proxy has asked, and the path is open to everyone. */
function userIn(headers: Connected['headers'], absent: string | undefined): RemoteUser | undefined {
  const sent = NAMES.map((name) => sentAs(headers, name) ?? absent)
  if (sent.includes(undefined))
    throw new AccessError(
      403,
      'The proxy did not set all headers Remote-*; nginx leaves out empty ones: say so by `leavesOutEmpty`',
    )
  if (sent.every((value) => value === '')) return undefined
  const [username = '', subject = '', fullName = '', email = '', groups = ''] = sent
  return {
    subject: textOf(subject, SUBJECT),
    username: textOf(username, VALUE),
    fullName: textOf(fullName, OPTIONAL) || undefined,
    email: textOf(email, OPTIONAL) || undefined,
    groups: groups === '' ? [] : groups.split(',').map((name) => textOf(name, VALUE)),
  }
}

const NAMES = ['remote-user', 'remote-subject', 'remote-name', 'remote-email', 'remote-groups']
/** Doorward encodes commas: where a header stands twice, the values are joined by one and a space, and match nothing here. */
const OPTIONAL = /^(?! )[\x20-\x2B\x2D-\x7E]*$/
const VALUE = /^(?! )[\x20-\x2B\x2D-\x7E]+$/
const SUBJECT = /^[\w-]+$/

function sentAs(headers: Connected['headers'], name: string): string | undefined {
  const value = headers instanceof Headers ? headers.get(name) : headers[name]
  return typeof value === 'string' ? value : undefined
}

function textOf(value: string, form: RegExp): string {
  if (!form.test(value)) throw unreadable()
  try {
    return decodeURIComponent(value)
  } catch {
    throw unreadable()
  }
}

function unreadable(): AccessError {
  return new AccessError(403, 'The headers Remote-* are not those that Doorward answered')
}
