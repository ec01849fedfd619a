import type { App } from '../web/app.ts'
import { seeOther } from '../web/page.ts'
import { safePath } from '../web/redirect.ts'
import { isTheme, setTheme } from '../web/theme.ts'

/** How the pages look in this browser. A form like any other, so that a link cannot change it. */
export function themePages(app: App): void {
  app.post('/theme', { config: { access: 'anyone', page: true, undocumented: true } }, (request, reply) => {
    const { theme, next } = (request.body ?? {}) as Readonly<Record<string, unknown>>
    if (isTheme(theme)) setTheme(reply, theme)
    return seeOther(reply, safePath(next) ?? '/')
  })
}
