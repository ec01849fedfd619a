/** Refusals of the two-person rule. */
export const APPROVAL_REFUSALS = {
  'approval.waiting': {
    kind: 'waiting',
    title: 'Waiting for a second admin',
    detail:
      'Nothing has changed yet. A second admin must approve this, or the waiting time must pass without an objection.',
  },
  'approval.not_found': { kind: 'missing', title: 'Request not found', detail: 'There is no such request.' },
  'approval.ended': {
    kind: 'conflict',
    title: 'Request ended',
    detail: 'This request has already ended. Its state says how.',
  },
  'approval.own_request': {
    kind: 'conflict',
    title: 'Your own request',
    detail: 'You made this request, so another admin must approve or decline it. You can withdraw it.',
  },
  'approval.about_you': {
    kind: 'conflict',
    title: 'About your own account',
    detail: 'This request concerns your own account, so another admin must decide. You can object to it.',
  },
  'approval.not_yours': {
    kind: 'conflict',
    title: 'Not your request',
    detail: 'Only the admin who made this request can withdraw it. You can decline it.',
  },
  'approval.not_due': {
    kind: 'conflict',
    title: 'Still waiting',
    detail: 'The waiting time has not passed yet. A second admin can approve the request now.',
  },
  'approval.lapsed': {
    kind: 'conflict',
    title: 'Request lapsed',
    detail:
      'The account or the admin who asked has changed since, so the request ended without effect. Ask again if it is still needed.',
  },
} as const
