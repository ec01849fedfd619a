/** Refusals about apps that sign users in here. */
export const APP_REFUSALS = {
  'app.not_found': { kind: 'missing', title: 'App not found', detail: 'There is no such app.' },
  'app.icon_not_found': {
    kind: 'missing',
    title: 'Icon not found',
    detail: 'There is no such app, or it has no icon.',
  },
  'app.name_taken': {
    kind: 'conflict',
    title: 'App name taken',
    detail: 'Another app has this name. Names are not case-sensitive.',
  },
  'app.id_taken': { kind: 'conflict', title: 'App id taken', detail: 'Another app has this id. Choose another.' },
  'app.too_many': { kind: 'conflict', title: 'Too many apps', detail: 'App limit reached. Delete one first.' },
  'app.no_secret': {
    kind: 'conflict',
    title: 'The app has no secret',
    detail: 'The app does not authenticate (`auth_method` is `none`), so it cannot have a secret.',
  },
  'app.too_many_secrets': {
    kind: 'conflict',
    title: 'Too many secrets',
    detail: 'Two secrets of the app are valid, which is the limit. End one first.',
  },
  'app.secret_not_found': {
    kind: 'missing',
    title: 'Secret not found',
    detail: 'The app has no such secret, or it has ended.',
  },
} as const
