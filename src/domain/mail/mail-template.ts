// The templates of mails: which facts each one needs. Their texts are the section `mails` of every language.

interface TemplateRules {
  /**
   * The facts that the texts may name, as `{name}`. A fact whose name ends in `_at` is an RFC 3339 time, written in the language of the
   * mail, in the time zone of the fact `time_zone`. A paragraph that names a fact without a value is left out.
   */
  readonly facts: readonly string[]
  /** Whether it warns users of a change to their account. The page and the API cannot drop it: a stolen session would silence it. */
  readonly warns: boolean
}

/** Every template, by its name in the outbox. The texts may also name the facts of every mail: `COMMON_FACTS`. */
export const MAIL_TEMPLATES = {
  test: { facts: [], warns: false },
} as const satisfies Record<string, TemplateRules>

export type MailTemplate = keyof typeof MAIL_TEMPLATES

/** The name of this server, its public host, and the name by which the recipient is greeted: an ordinary fact, mostly the username. */
export const COMMON_FACTS = ['instance', 'server', 'name'] as const

/** Whether this program knows the template: a row may come from a newer one. */
export function isMailTemplate(name: string): name is MailTemplate {
  return Object.hasOwn(MAIL_TEMPLATES, name)
}

/** The rules of a template, without their narrow type. */
export function rulesOf(template: MailTemplate): TemplateRules {
  return MAIL_TEMPLATES[template]
}
