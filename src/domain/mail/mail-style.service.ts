import { accentTokens, type ColourScheme, shippedTokens } from '#foundation/platform/config/accent.ts'
import type { Config } from '#foundation/platform/config/types.ts'

/** The style sheet of mails in the colours of the pages. It loads nothing, and knows a light and a dark theme. */
export function mailStyle({ accent, accentDark }: Pick<Config, 'accent' | 'accentDark'>): string {
  const dark = coloursOf('dark', accentDark)
  return `${LAYOUT}${coloursOf('light', accent)}@media (prefers-color-scheme: dark) {\n${dark}}\n`
}

const LAYOUT = `:root { color-scheme: light dark; supported-color-schemes: light dark; }
body { margin: 0; padding: 24px 12px; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.mail { max-width: 560px; margin: 0 auto; }
.brand { margin: 0 0 16px; font-weight: 600; }
.card { padding: 24px; border: 1px solid; border-radius: 12px; }
h1 { margin: 0 0 16px; font-size: 22px; line-height: 1.3; overflow-wrap: anywhere; hyphens: auto; }
p { margin: 0 0 16px; overflow-wrap: anywhere; }
.card p:last-child { margin-bottom: 0; }
.button { display: inline-block; padding: 12px 20px; border-radius: 8px; font-weight: 600; text-decoration: none; }
.small, .foot { font-size: 14px; }
.foot { margin: 16px 0 0; }
`

function coloursOf(theme: ColourScheme, accent: string | null): string {
  const shipped = shippedTokens(theme)
  const tokens = accent === null ? shipped : { ...shipped, ...accentTokens(accent, theme) }
  return `body { background: ${tokens['bg']}; color: ${tokens['text']}; }
.card { background: ${tokens['surface']}; border-color: ${tokens['border']}; }
.small, .foot { color: ${tokens['muted']}; }
.small a { color: ${tokens['accent']}; }
.button { background: ${tokens['accent']}; color: ${tokens['on-accent']}; }
`
}
