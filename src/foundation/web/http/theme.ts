import type { FastifyReply, FastifyRequest } from 'fastify'

import { type CookieConfig, readChoiceCookie, setChoiceCookie } from './cookies.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

export function isTheme(value: unknown): value is Theme {
  return (THEMES as readonly unknown[]).includes(value)
}

/** The theme that this browser has chosen; the system's by default. */
export function themeOf(request: Pick<FastifyRequest, 'headers'>, config: CookieConfig): Theme {
  const chosen = readChoiceCookie(request, config, 'theme')
  return isTheme(chosen) ? chosen : 'system'
}

/** The path to which the form of the theme switch sends the choice. */
export const THEME_PATH = '/theme'

/** Stores the choice for a year; choosing the system's theme removes it. */
export function setTheme(reply: FastifyReply, theme: Theme): void {
  setChoiceCookie(reply, reply.request.ctx.config, 'theme', theme === 'system' ? undefined : theme)
}
