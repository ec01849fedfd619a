import {
  APP_AGES,
  ATTRIBUTE_KEY_MAXIMUM,
  DEVICE_CODE_LIFETIME,
  FARTHEST_YEARS,
  LEAST_CHOICES,
  LONGEST_EXEMPTION,
  LONGEST_HELP_EXEMPTION,
  NUMBER_DIGITS,
  TOKEN_LIFETIMES,
} from '#foundation/kernel/stated-limits.ts'
import { attributes } from './attributes.ts'
import { policies } from './policies.ts'
import { quoted } from './quoted.ts'
import { stated } from './stated.ts'
type Facts = Readonly<Record<string, string | number>>
type Sentence = (facts: Facts) => string

const sentences = {
  'field.missing': () => 'Required.',
  'field.unknown': () => 'Unknown field.',
  'field.type': ({ wanted }) => `This must be ${article(String(wanted))}.`,
  'field.too_short': ({ minimum }) => (minimum === 1 ? 'Enter something here.' : `Use at least ${minimum} characters.`),
  'field.too_long': ({ maximum }) => `Use at most ${counted(maximum, 'character')}.`,
  'field.too_few': ({ minimum }) => `Choose at least ${minimum}.`,
  'field.too_many': ({ maximum }) => `Choose at most ${maximum}.`,
  'field.range': ({ comparison, limit }) => `This must be ${COMPARISONS[String(comparison)] ?? 'near'} ${limit}.`,
  'field.choice': ({ choices }) => `Choose one of: ${choices}.`,
  'field.format': ({ format }) => `This must be ${FORMATS[String(format)] ?? `in the ${format} format`}.`,
  'field.characters': () => 'Remove the unsupported character.',
  'field.repeated': () => 'Enter this only once.',
  'field.file': () => 'Enter text, not a file.',
  'field.cursor': () => 'That page of the list wasn’t found. Start again from the first page.',
  'user.username_empty': () => 'Enter a username.',
  'user.username_too_long': ({ maximum }) => `Use at most ${counted(maximum ?? 64, 'character')}.`,
  'user.username_characters': () => 'Don’t use @, invisible characters, double spaces, or spaces at the start or end.',
  'user.username_mixed_scripts': () =>
    'Use letters from one alphabet. Letters from different ones, such as Latin and Cyrillic, can look the same.',
  'user.username_taken': () => 'That username is taken.',
  'user.email_malformed': () => 'Enter an email address like ada@example.org.',
  'user.email_routed': () =>
    'Use an email address without percent signs and exclamation marks. With them, mail servers may deliver to another domain.',
  'user.email_too_long': ({ maximum }) => `Use at most ${counted(maximum ?? 254, 'character')}.`,
  'user.email_taken': () => 'That email address is taken.',
  'registration.domain_not_allowed': ({ domains }) => `Use an address of one of these domains: ${domains}.`,
  'user.full_name_too_long': ({ maximum }) => `Use at most ${counted(maximum ?? 200, 'character')}.`,
  'user.full_name_characters': () => 'Remove the unsupported character.',
  'invitation.mail_off': () => 'This server doesn’t send email. Show the link instead.',
  'invitation.no_address': () => 'Enter an email address, or show the link instead.',
  'role.unknown': () => 'There’s no role with this name.',
  'role.name_taken': () => 'That name is taken.',
  'role.name_reserved': () => 'This name is reserved. Choose another.',
  'role.name_characters': ({ maximum }) =>
    `Use 2 to ${maximum} lowercase letters, digits and hyphens. Don’t start or end with a hyphen.`,
  'attribute.key_characters': () =>
    `Use up to ${ATTRIBUTE_KEY_MAXIMUM} lowercase letters, digits and underscores. Start with a letter.`,
  'attribute.key_taken': () => 'Another attribute has this key. Choose another.',
  'attribute.key_reserved': () => 'A built-in field or a claim of apps has this name. Choose another key.',
  'attribute.key_permanent': () => 'A key can’t be changed. Only a reserved one can be renamed.',
  'attribute.choices_unused': () =>
    `Only the type ${quoted(attributes.types.choice)} has choices. Leave this empty, or select that type.`,
  'attribute.too_few_choices': () => `Enter at least ${LEAST_CHOICES} choices.`,
  'attribute.choice_repeated': () => 'Enter each choice only once.',
  'attribute.changed_unseen': () =>
    'Users can’t edit a field they can’t see. Make it visible, or editable by admins only.',
  'attribute.asked_unchangeable': () => 'Only fields that users can edit can be asked for at sign-up.',
  'attribute.type_in_use': ({ users }) =>
    `Users with a value of the current type: ${users}. Delete the attribute and create another.`,
  'attribute.choice_in_use': ({ users }) => `Users with a choice you removed: ${users}. Give them another value first.`,
  'attribute.admin_only': () => 'Only admins can change this.',
  'attribute.number': () => `Enter a number like 12.5, with at most ${NUMBER_DIGITS} digits.`,
  'attribute.yes_no': () => 'Choose yes or no.',
  'csv.columns': ({ columns }) => `The first line must name the columns: ${columns}. Only username is required.`,
  'csv.empty': () => 'There are no users below the line with the column names.',
  'csv.too_many': ({ maximum }) => `Use at most ${maximum} lines at a time.`,
  'csv.quotes': ({ line }) => `Close the quotation mark on line ${line}, or double it inside the text.`,
  'csv.encoding': ({ line }) =>
    `Line ${line} has characters that were lost when the list was read. Save it as UTF-8, such as “CSV UTF-8” in a spreadsheet, and use it again.`,
  'csv.cells': ({ maximum }) =>
    `This line has more values than columns (${maximum}). Quote values that contain commas.`,
  'csv.repeated': ({ line }) => `Line ${line} already has this.`,
  'group.name_characters': () => 'Don’t use semicolons, line breaks, double spaces or invisible characters.',
  'policy.name_characters': () => 'Don’t use line breaks, double spaces or invisible characters.',
  'group.name_taken': () => 'Another group has this name.',
  'group.unknown': () => 'There’s no group with this name.',
  'app.name_characters': () => 'Don’t use line breaks, double spaces or invisible characters.',
  'app.name_taken': () => 'Another app has this name.',
  'app.url_malformed': () => 'Enter the address at which people open the app, like https://app.example.org.',
  'app.uri_missing': () => 'Enter at least one address.',
  'app.uri_repeated': () => 'Enter each address only once.',
  'app.uri_too_long': ({ maximum, line }) => `${inLine(line)}Use at most ${maximum} characters.`,
  'app.uri_malformed': ({ line }) => `${inLine(line)}Enter a whole address like https://app.example.org/callback.`,
  'app.uri_wildcard': ({ line }) => `${inLine(line)}Enter the whole address, without an asterisk.`,
  'app.uri_fragment': ({ line }) => `${inLine(line)}Leave out the part from the # on.`,
  'app.uri_user_info': ({ line }) => `${inLine(line)}Leave out the name and the @ before the host.`,
  'app.uri_scheme': ({ line }) => `${inLine(line)}Addresses of this kind don’t lead to an app. Use https.`,
  'app.uri_http': ({ line }) =>
    `${inLine(line)}Use https. Without it, others in the network could take over the sign-in.`,
  'app.uri_http_public': ({ line }) =>
    `${inLine(line)}Use https. Without it, only addresses of a private network are allowed, such as 192.168.1.5 or nas.local.`,
  'app.api_uris': () => 'People don’t sign in to an API, so it has no redirect URIs. Leave these fields empty.',
  'app.api_people': () =>
    'People don’t open an API, so leave this empty. Who may use an app is set for the apps that get tokens for it.',
  'app.api_secret': () => 'An API needs a secret to check tokens. Choose another way to authenticate.',
  'app.browser_secret': () => 'An app that runs in the browser can’t keep a secret. Choose “none”.',
  'app.public_without_pkce': () => 'An app without a secret always needs PKCE.',
  'app.offline_without_refresh': () => 'An app that stays signed in without a session needs refresh tokens.',
  'app.claim_characters': () =>
    'Use up to 100 letters, digits, dots, colons, slashes, hyphens and underscores for a claim. Start with a letter.',
  'app.claim_reserved': () => 'This server sends something else under this name. Choose another claim.',
  'app.claim_repeated': () => 'Use each claim only once.',
  'app.group_unknown': () => 'One of these groups doesn’t exist.',
  'app.role_unknown': () => 'One of these roles doesn’t exist.',
  'app.max_age': () =>
    `Choose at least ${stated.span(APP_AGES.shortest)} and at most ${stated.span(APP_AGES.longest)}.`,
  'app.start_url': () => 'Enter an address that begins with https.',
  'app.icon_type': () => 'Choose a PNG or WebP image.',
  'app.icon_size': ({ minimum, maximum }) => `Choose a square image with sides of ${minimum} to ${maximum} pixels.`,
  'app.icon_animated': () => 'Choose an image that isn’t animated.',
  'app.icon_damaged': () =>
    'This image is damaged, or something else is in the file. Save it again in an image editor.',
  'app.icon_too_large': ({ maximum }) => `Choose a file of at most ${maximum} KB.`,
  'app.user_code': () =>
    `Check the letters, or get a new code on the device: a code works once, for ${stated.span(DEVICE_CODE_LIFETIME)}.`,
  'app.attribute_unknown': () => 'One of these attributes doesn’t exist.',
  'app.secret_too_short': ({ minimum }) => `Use at least ${minimum} characters.`,
  'app.id_characters': () =>
    'Use up to 64 letters, digits, dots, hyphens and underscores. Start with a letter or digit.',
  'app_file.table': () => 'Write the name in two pairs of brackets, such as [[app]], above each one.',
  'app_file.repeated': ({ line }) => `Line ${line} already has this.`,
  'app_file.hash': () => 'Write sha256: and the 64 hexadecimal digits of the secret’s hash.',
  'app_file.secret_twice': () => 'Give the hashes of the secrets or a file with one, not both.',
  'app_file.secret_of_public': () =>
    'An app without a secret can’t have one. Leave this out, or choose another auth_method.',
  'app_file.secret_missing': () =>
    'No one could sign in to this app without a secret. Give secret_hashes or secret_file.',
  'invitation.lifetime': () => 'Choose one of the times in the list.',
  'host.name_taken': () => 'This host is protected already.',
  'host.name_malformed': () => 'Enter a host name like photos.example.org, without a port or a path.',
  'host.name_own': () => 'This is the host of this server itself. Choose the host of another app.',
  'host.path': () =>
    'Enter a path like /admin, of letters from A to Z, digits and marks. Semicolons, percent signs and parts that are only dots aren’t possible.',
  'host.path_slash': () => 'Begin the path with a slash, such as /admin.',
  'host.method': () => 'Enter methods like GET or POST.',
  'host.role_unknown': () => 'One of these roles doesn’t exist.',
  'host.group_unknown': () => 'One of these groups doesn’t exist.',
  'host.names_unused': () => 'This rule names neither roles nor groups. Leave this empty.',
  'host.open_requires': () => 'A path that is open to everyone can’t ask for an authentication.',
  'host.max_age': () =>
    `Choose whole seconds, at least ${stated.span(APP_AGES.shortest)} and at most ${stated.span(APP_AGES.longest)}.`,
  'host.groups_long': ({ maximum }) => `Choose fewer groups. Their names are longer than ${maximum} bytes together.`,
  'resource.uri_taken': () => 'Another resource has this URI.',
  'resource.uri_malformed': () => 'Enter a whole URI like https://api.example.org/.',
  'resource.uri_http': () => 'Use https. Without it, others in the network could take the tokens.',
  'resource.uri_form': () =>
    'Write scheme and host in small letters, without the usual port, and the path without dots between slashes.',
  'resource.lifetime': ({ minimum, maximum }) => `Choose a time from ${minimum} to ${maximum} seconds.`,
  'resource.app_missing': () => 'Choose the app that checks the tokens. Only JWTs can be checked without one.',
  'resource.app_unknown': () => 'There’s no such app.',
  'resource.app_public': () => 'An app without a secret can’t check tokens. Choose one that has a secret.',
  'resource.scope_characters': ({ maximum }) =>
    `Use up to ${maximum} letters, digits and signs for a scope, but no quotation marks, backslashes or accents.`,
  'resource.scope_reserved': () => 'This server gives something else under one of these scopes. Choose other names.',
  'agents.document': ({ entry }) =>
    `Enter URLs of documents like https://agent.example/client.json, or hosts like agent.example. “${entry}” is neither.`,
  'user.expiry_past': () => 'Choose a time in the future. To end access now, disable the account.',
  'policy.says_nothing': () => 'Choose at least one thing for the policy to set.',
  'policy.set_by_configuration': () => 'Set in the server’s configuration, so a policy can’t change it.',
  'policy.role_needs_second_factor': () => 'Users with permissions always need a second step.',
  'policy.no_factor': () => 'Allow at least one kind of second step. Only passkeys are phishing-resistant.',
  'policy.no_passkeys_here': () => 'Browsers can’t create passkeys at this server’s address. Allow authenticator apps.',
  'policy.no_factor_left': (facts) =>
    `${facts['policy'] ? `“${facts['policy']}”` : 'This policy'} and “${facts['other']}” would together leave a user to whom both apply no allowed second step. ${bothToday(facts)} Change one of the two.`,
  'policy.duration': ({ least, most }) => `Choose a time from ${least} to ${most}.`,
  'policy.idle_beyond_absolute': () => `Can’t be longer than ${quoted(policies.form.sessionAbsolute)}.`,
  'policy.span': () => 'Enter a whole number, such as 30.',
  'policy.deadline': () => 'Choose a day for the deadline, and a time such as 08:00.',
  'policy.not_in_future': () =>
    `Choose a time within the next ${FARTHEST_YEARS} years, or ${quoted(policies.form.now)}.`,
  'policy.scope_without_ref': () => 'A policy for everyone can’t have a role or a group.',
  'policy.no_such_role': () => 'There’s no such role.',
  'policy.no_such_group': () => 'There’s no such group.',
  'api_token.expiry': () =>
    `Choose a time between ${stated.span(TOKEN_LIFETIMES.shortest)} and ${stated.span(TOKEN_LIFETIMES.longest)} from now.`,
  'api_token.host_unknown': () => 'There’s no host with this name that takes API tokens.',
  'api_token.scope_at_host': () => 'A token for a host has no permissions here. Choose none.',
  'api_token.no_scope': () => 'Choose at least one permission.',
  'api_token.scope_beyond': () => 'Choose only permissions that the account has.',
  'password.too_short': ({ minimum }) => `Use at least ${minimum} characters.`,
  'password.too_long': ({ maximum }) => `Use at most ${maximum} characters.`,
  'password.own_name': () => 'Don’t use your name, username or email as your password.',
  'password.site_name': () => 'Don’t use the name or address of this site as your password.',
  'password.common': () => 'This password is too common. Choose another.',
  'password.pattern': () => 'Don’t use a pattern such as abcabc or 12345678.',
  'password.unchanged': () => 'This is the current password. Choose another.',
  'password.breached': () =>
    'This password appeared in a data breach. Choose another, and change it everywhere you use it.',
  'password.characters': () => 'Remove line breaks and other invisible characters.',
  'exemption.no_user': () => 'There’s no such user.',
  'exemption.end_past': () => 'Choose a time in the future.',
  'exemption.help_too_far': () => `Choose a time within the next ${stated.span(LONGEST_HELP_EXEMPTION)}.`,
  'exemption.end_too_far': () => `Choose a time within the next ${stated.span(LONGEST_EXEMPTION)}.`,
} as const satisfies Record<string, Sentence>

export type FieldErrorCode = keyof typeof sentences

/** A sentence for every field error: what is wanted, never what was typed. */
export const fieldErrors: Record<FieldErrorCode, Sentence> = sentences

/** To whom two policies apply today: no user, those who are named, or some. */
function bothToday({ users, names, more }: Facts): string {
  if (users === 0) return 'Today both apply to no one, but new members and other roles can change that.'
  if (!names) return 'Today both apply to at least one user.'
  return `Today both apply to ${names}${more === 1 ? ' and others' : ''}.`
}

const FORMATS: Readonly<Record<string, string>> = {
  date: 'a date like 2030-01-31',
  'ip-network': 'an address like 192.0.2.7 or a network like 192.0.2.0/24',
}

const COMPARISONS: Readonly<Record<string, string>> = {
  '>=': 'at least',
  '<=': 'at most',
  '>': 'more than',
  '<': 'less than',
}

function counted(count: string | number | undefined, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function article(noun: string): string {
  if (noun.startsWith('one of')) return noun
  return /^[aeio]/.test(noun) ? `an ${noun}` : `a ${noun}`
}

/** The line of a list, where there are several. */
function inLine(line: string | number | undefined): string {
  return line === undefined ? '' : `Line ${line}: `
}
