import type { FastifyRequest } from 'fastify'

import type { Origin } from '../kernel/caller.ts'
import { networkOf } from '../kernel/network.ts'
import { clientAddress } from '../web/client-address.ts'
import { readCookie } from '../web/cookies.ts'

const LONGEST_AGENT = 256

/** Where a request comes from, as far as it can be known; `deviceCookies` are the names of the device cookie, which only pages read. */
export function originOf(request: FastifyRequest, deviceCookies: readonly string[]): Origin {
  const address = clientAddress(request)
  const agent = request.headers['user-agent']
  return {
    address,
    network: networkOf(address),
    agent: agent?.slice(0, LONGEST_AGENT) ?? null,
    browser: deviceCookies.map((name) => readCookie(request.headers.cookie, name)).find(Boolean) ?? null,
  }
}
