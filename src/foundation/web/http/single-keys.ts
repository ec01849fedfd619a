import type { FastifyReply, FastifyRequest } from 'fastify'

import { readChoiceCookie, setChoiceCookie } from './cookies.ts'

/** Whether single keys act on the pages of administration in this browser; they do by default (WCAG 2.1.4). */
export function hasSingleKeys(request: Pick<FastifyRequest, 'ctx' | 'headers'>): boolean {
  return readChoiceCookie(request, request.ctx.config, 'single-keys') !== 'off'
}

/** Stores the choice for a year; the default removes it. */
export function setSingleKeys(reply: FastifyReply, on: boolean): void {
  setChoiceCookie(reply, reply.request.ctx.config, 'single-keys', on ? undefined : 'off')
}
