import type { FastifyReply, FastifyRequest } from 'fastify'

import { readCookie } from './cookies.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const COOKIE = 'theme'
const YEAR_IN_SECONDS = 31_536_000

export function isTheme(value: unknown): value is Theme {
  return (THEMES as readonly unknown[]).includes(value)
}

/** The theme that this browser has chosen; the system's by default. */
export function themeOf({ headers }: Pick<FastifyRequest, 'headers'>): Theme {
  const chosen = readCookie(headers.cookie, COOKIE)
  return isTheme(chosen) ? chosen : 'system'
}

/** Stores the choice for a year; choosing the system's theme removes it. */
export function setTheme(reply: FastifyReply, theme: Theme): void {
  const maxAge = theme === 'system' ? 0 : YEAR_IN_SECONDS
  reply.header('set-cookie', `${COOKIE}=${theme}; Max-Age=${maxAge}; Path=/; HttpOnly; SameSite=Lax`)
}
