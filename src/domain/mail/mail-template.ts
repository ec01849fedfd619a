// The templates of mails: which facts each one needs. Their texts are the section `mails` of every language.
// Tested in mail-texts.test.ts.

interface TemplateRules {
  /**
   * The facts that the texts may name, as `{name}`. A fact whose name ends in `_at` is an RFC 3339 time, written in the language of the
   * mail, in the time zone of the fact `time_zone`. A paragraph that names a fact without a value is left out.
   */
  readonly facts: readonly string[]
  /** Whether it warns users of a change to their account. The page and the API cannot drop it: a stolen session would silence it. */
  readonly warns: boolean
}

/** When and by which device an account was changed; by which admin; the command that lifts the review of the last admin. */
const NOTICE = { facts: ['happened_at', 'time_zone', 'device', 'address', 'admin', 'command'], warns: true } as const

/** From when on a policy stops the recipient. */
const POLICY_REMINDER = { facts: ['deadline_at', 'time_zone'], warns: false } as const

/** The inviter, and when the link and the account expire. */
const INVITATION = { facts: ['invited_by', 'expires_at', 'account_expires_at', 'time_zone'], warns: false } as const

/** Every template, by its name in the outbox. The texts may also name the facts of every mail: `COMMON_FACTS`. */
export const MAIL_TEMPLATES = {
  test: { facts: [], warns: false },
  'password-reset': { facts: [], warns: false },
  'password-link': { facts: ['admin'], warns: false },
  'reset-without-second-step-of-another': { facts: ['username', 'happened_at', 'time_zone'], warns: true },
  'second-step-reset': { facts: ['link_ends_at', 'time_zone'], warns: true },
  'notice-joined': { facts: [...NOTICE.facts, 'recovery_codes'], warns: true },
  'notice-first-device': NOTICE,
  'notice-new-device': NOTICE,
  'notice-password-changed': NOTICE,
  'notice-password-set': NOTICE,
  'notice-password-reset': { facts: [...NOTICE.facts, 'revoked_tokens', 'kept_tokens'], warns: true },
  'notice-app-added': NOTICE,
  'notice-app-replaced': NOTICE,
  'notice-app-removed': NOTICE,
  'notice-passkey-added': NOTICE,
  'notice-passkey-removed': NOTICE,
  'notice-recovery-codes-made': NOTICE,
  'notice-recovery-code-used': NOTICE,
  'notice-device-replayed': NOTICE,
  'notice-factors-reset': NOTICE,
  'notice-unlocked': NOTICE,
  'notice-policy-exempted': { facts: [...NOTICE.facts, 'exempt_until_at'], warns: true },
  'notice-token-created': NOTICE,
  'notice-username-changed': NOTICE,
  'notice-email-changed': { facts: [...NOTICE.facts, 'email'], warns: true },
  'notice-email-set': { facts: [...NOTICE.facts, 'email'], warns: true },
  'email-confirmation': { facts: [], warns: false },
  'email-confirmation-asked': { facts: [], warns: false },
  'approval-objection': { facts: ['asker', 'change', 'reason', 'ready_at', 'time_zone'], warns: true },
  'approval-waiting': { facts: ['asker', 'change', 'reason', 'ready_at', 'time_zone'], warns: true },
  'approval-bypassed': { facts: ['change', 'changes', 'time_zone'], warns: true },
  'approval-rule-changed': { facts: ['rule'], warns: true },
  'policy-reminder': POLICY_REMINDER,
  'policy-reminder-passkey': POLICY_REMINDER,
  'policy-reminder-app': POLICY_REMINDER,
  invitation: INVITATION,
  'invitation-reminder': INVITATION,
  'account-expires': { facts: ['account_expires_at', 'time_zone'], warns: false },
  'accounts-expired': { facts: ['count', 'usernames'], warns: false },
  registration: { facts: [], warns: false },
  'registration-known': { facts: [], warns: false },
  'registration-approved': { facts: ['username'], warns: false },
  'registration-declined': { facts: ['username', 'reason'], warns: false },
  'registrations-waiting': { facts: ['count'], warns: false },
} as const satisfies Record<string, TemplateRules>

export type MailTemplate = keyof typeof MAIL_TEMPLATES

/**
 * The name of this server, its public host, the URL of the page Security, and the name by which the recipient is greeted: an ordinary
 * fact, mostly the username.
 */
export const COMMON_FACTS = ['instance', 'server', 'security', 'name'] as const

/** Whether this program knows the template: a row may come from a newer one. */
export function isMailTemplate(name: string): name is MailTemplate {
  return Object.hasOwn(MAIL_TEMPLATES, name)
}

/** The rules of a template, without their narrow type. */
export function rulesOf(template: MailTemplate): TemplateRules {
  return MAIL_TEMPLATES[template]
}
