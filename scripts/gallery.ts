// The gallery of the main screens and of some mails. `npm run docs` writes docs/gallery.md, which lists them; `npm run screenshots -- --gallery`
// takes the pictures into screenshots/gallery, with a page that shows them. A release keeps that folder, the repository does not.
import type { MailTemplate } from '#domain/mail/mail-template.ts'
import { sampleMessage } from '#test/support/mail/sample-mails.ts'

export interface Shown {
  /** The name of a screen in test/support/browser/screens*.ts. */
  readonly screen: string
  readonly caption: string
}

/** The main screens, in the order in which people meet them. */
export const GALLERY: Readonly<Record<string, readonly Shown[]>> = {
  'Set-up': [
    { screen: 'setup-you', caption: 'The first admin chooses a username and a password' },
    { screen: 'setup-choice', caption: 'The choice of a second step' },
    { screen: 'setup-second-step', caption: 'An authenticator app' },
    { screen: 'recovery-codes-shown', caption: 'Recovery codes' },
    { screen: 'overview-new', caption: 'Where the set-up ends' },
  ],
  'Signing in': [
    { screen: 'sign-in', caption: 'The first step' },
    { screen: 'second-step', caption: 'The second step' },
    { screen: 'sign-in-wrong', caption: 'A wrong password' },
    { screen: 'sign-in-help', caption: 'Help for those who can’t sign in' },
    { screen: 'second-step-remember', caption: 'The second step where devices may be remembered' },
    { screen: 'enrolment-at-deadline', caption: 'What people see at the deadline of a policy' },
    { screen: 'invitation', caption: 'An invitation' },
  ],
  'Getting back in': [
    { screen: 'forgot-password', caption: 'A forgotten password' },
    { screen: 'forgot-password-sent', caption: 'After asking for the mail' },
    { screen: 'password-reset', caption: 'A new password by a mailed link' },
    { screen: 'not-me', caption: '“This wasn’t me”, from a notice' },
    { screen: 'review', caption: 'The review of a reported account' },
  ],
  'Creating an account': [
    { screen: 'register', caption: 'Registration' },
    { screen: 'check-your-mail', caption: 'Check your email' },
    { screen: 'registration-details', caption: 'Username and password behind the mailed link' },
  ],
  'Signing in to an app': [
    { screen: 'openid-consent', caption: 'What an app gets, before a user allows it' },
    { screen: 'openid-consent-to-agent', caption: 'What an agent gets: a program that no one registered' },
    { screen: 'device', caption: 'The code of a device' },
    { screen: 'device-question', caption: 'A question before a device is signed in' },
    { screen: 'openid-restricted', caption: 'An app that the user may not use' },
  ],
  'Your account': [
    { screen: 'account', caption: 'Account' },
    { screen: 'security', caption: 'Security' },
    { screen: 'password', caption: 'A new password' },
    { screen: 'passkey-new', caption: 'A further passkey' },
    { screen: 'token-new', caption: 'A new API token' },
    { screen: 'confirm-passkey', caption: 'Confirming that it’s you' },
    { screen: 'security-remembered-devices', caption: 'Security with remembered devices' },
    { screen: 'account-before-deadline', caption: 'An announcement before a deadline' },
    { screen: 'account-attributes', caption: 'Account with attributes' },
    { screen: 'my-apps', caption: 'The start page: apps to open, and where one is signed in' },
    { screen: 'my-app-sign-out', caption: 'A question before signing out of an app' },
  ],
  Administration: [
    { screen: 'overview', caption: 'Overview' },
    { screen: 'users', caption: 'Users' },
    { screen: 'users-selected', caption: 'Users, some of them selected' },
    { screen: 'user', caption: 'One user' },
    { screen: 'user-help', caption: 'One user, as the help desk sees them' },
    { screen: 'user-new-invitation', caption: 'A new user’s invitation' },
    { screen: 'user-reset', caption: 'A question before a reset' },
    { screen: 'invite-many', caption: 'Inviting several users' },
    { screen: 'invite-many-done', caption: 'The report of a list' },
    { screen: 'groups', caption: 'Groups' },
    { screen: 'group', caption: 'One group' },
    { screen: 'roles', caption: 'Roles' },
    { screen: 'role', caption: 'One role' },
    { screen: 'policies', caption: 'Policies' },
    { screen: 'policy-progress', caption: 'A policy with its progress' },
    { screen: 'policy-plan', caption: 'The plan of a policy' },
    { screen: 'policy-exemptions', caption: 'Exemptions from a policy' },
    { screen: 'apps', caption: 'Apps that sign people in here' },
    { screen: 'app-presets', caption: 'The choice of what to connect' },
    { screen: 'app-preset', caption: 'Registering an app by its preset' },
    { screen: 'apps-new', caption: 'Registering any app' },
    { screen: 'app-registered', caption: 'What an app needs to know, with its secret, shown once' },
    { screen: 'app', caption: 'One app' },
    { screen: 'app-restrict', caption: 'Who would lose an app, before a restriction is saved' },
    { screen: 'agents', caption: 'Agents: which are allowed, and which were used' },
    { screen: 'attributes', caption: 'Attributes' },
    { screen: 'registrations', caption: 'Waiting registrations' },
    { screen: 'approvals', caption: 'Approvals' },
    { screen: 'approval', caption: 'One approval' },
    { screen: 'outbox', caption: 'Outbox' },
    { screen: 'activity', caption: 'Activity' },
    { screen: 'checkup', caption: 'Check-up' },
  ],
  Errors: [
    { screen: 'not-found-signed-in', caption: 'Not found' },
    { screen: 'not-allowed', caption: 'Not allowed' },
    { screen: 'wrong-address', caption: 'A server opened at a different address' },
  ],
}

/** The looks in which each screen is shown: file name, width in CSS pixels, theme. */
export const LOOKS = [
  { look: 'light', width: 1280, theme: 'light' },
  { look: 'dark', width: 1280, theme: 'dark' },
  { look: 'phone', width: 390, theme: 'light' },
] as const

interface ShownMail {
  readonly template: MailTemplate
  readonly caption: string
}

export const GALLERY_MAILS: readonly ShownMail[] = [
  { template: 'notice-joined', caption: 'The welcome at the end of joining' },
  { template: 'notice-first-device', caption: 'The first other device within a day of joining' },
]

/** In which themes each mail is shown, and its width in CSS pixels. */
export const MAIL_LOOKS = ['light', 'dark'] as const
export const MAIL_WIDTH = 620

/** The pictures of the gallery that a page of docs/ shows, light and dark; a copy of each is in docs/pictures. */
export const SHOWN_IN_PAGES: readonly string[] = [
  'activity',
  'app',
  'app-preset',
  'app-registered',
  'approval',
  'attributes',
  'device-question',
  'group',
  'invitation',
  'invite-many-done',
  'mail-notice-first-device',
  'mail-notice-joined',
  'my-apps',
  'openid-consent',
  'openid-consent-to-agent',
  'openid-restricted',
  'outbox',
  'overview-new',
  'policy-plan',
  'register',
  'review',
  'role',
  'second-step-remember',
  'setup-second-step',
  'sign-in',
  'user-help',
  'user-reset',
]

/** The file of a picture in the folder of the gallery; a mail is named `mail-` and its template. */
export function galleryPicture(name: string, look: (typeof LOOKS)[number]['look']): string {
  return `${name}-${look}.jpg`
}

/** The text of docs/gallery.md: what the gallery shows, and the mails as text. */
export function galleryPage(): string {
  const rows = Object.entries(GALLERY).flatMap(([area, shown]) =>
    shown.map(({ screen, caption }) => `| ${area} | ${caption} | \`${screen}\` |\n`),
  )
  return `# Gallery

The main screens, each light, dark and on a phone, and two mails. \`npm run screenshots -- --gallery\` takes their pictures from the running
product into \`screenshots/gallery\`, with a page \`gallery.md\` that shows them; a name of the last column after it takes that screen alone.
\`npm run screenshots -- --docs\` takes only the pictures that pages of \`docs/\` and the README show, into \`docs/pictures\`. Each release keeps that folder ([releasing](releasing.md#take-the-pictures)). \`npm run screenshots\` takes all screens in every state.

| Area | What it shows | Screen |
| --- | --- | --- |
${rows.join('')}
## Mails

${GALLERY_MAILS.map(mailAsText).join('\n')}`
}

/** The page beside the pictures, which shows them. */
export function galleryIndex(): string {
  const screens = Object.entries(GALLERY).map(([area, shown]) => `## ${area}\n\n${shown.map(figure).join('\n')}`)
  const mails = GALLERY_MAILS.map(({ template, caption }) => {
    const cells = MAIL_LOOKS.map((look) => image(`mail-${template}`, caption, look, 360))
    return `### ${caption}\n\n${cells.join('\n')}\n`
  })
  return `# Gallery\n\n${screens.join('\n')}\n## Mails\n\n${mails.join('\n')}`
}

/** The text of a mail for mail programs that show no HTML. */
function mailAsText({ template, caption }: ShownMail): string {
  const { subject, text } = sampleMessage(template, 'en')
  const masked = text.replace(/dwl_\w+/, '[secret]')
  return `### ${caption}\n\n\`\`\`\nSubject: ${subject}\n\n${masked}\`\`\`\n`
}

function figure({ screen, caption }: Shown): string {
  const cells = LOOKS.map(({ look, width }) => image(screen, caption, look, width > 1000 ? 360 : 110))
  return `### ${caption}\n\n${cells.join('\n')}\n`
}

function image(name: string, caption: string, look: (typeof LOOKS)[number]['look'], width: number): string {
  return `<img alt="${caption}, ${look}" src="${galleryPicture(name, look)}" width="${width}">`
}
