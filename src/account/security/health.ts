export type Health = 'noApp' | 'noPassword' | 'passwordAsked' | 'oneApp' | 'good'

/** What about the protection of an account wants attention first; of its apps only the confirmed ones count. */
export function healthOf(about: {
  readonly hasPassword: boolean
  readonly passwordAsked: boolean
  readonly apps: number
}): Health {
  if (about.apps === 0) return 'noApp'
  if (!about.hasPassword) return 'noPassword'
  if (about.passwordAsked) return 'passwordAsked'
  return about.apps === 1 ? 'oneApp' : 'good'
}
