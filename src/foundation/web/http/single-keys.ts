import type { FastifyReply, FastifyRequest } from 'fastify'

import { readCookie } from './cookies.ts'

const COOKIE = 'single-keys'
const YEAR_IN_SECONDS = 31_536_000

/** Whether single keys act on the pages of administration in this browser; they do by default (WCAG 2.1.4). */
export function hasSingleKeys({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return readCookie(headers.cookie, COOKIE) !== 'off'
}

/** Stores the choice for a year; the default removes it. */
export function setSingleKeys(reply: FastifyReply, on: boolean): void {
  reply.header('set-cookie', `${COOKIE}=off; Max-Age=${on ? 0 : YEAR_IN_SECONDS}; Path=/; HttpOnly; SameSite=Lax`)
}
