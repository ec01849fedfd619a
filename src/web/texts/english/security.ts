// One's password, second step, sessions and activity.

export const security = {
  title: 'Security',
}
