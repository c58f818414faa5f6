/**
 * Programs that fetch a link because somebody posted or typed it, to show a preview; and crawlers. Slack calls itself
 * `Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)`; phones' messengers call themselves by several of these names at once.
 * No browser inside an app is here: people read with those.
 */
const PREVIEWERS =
  /slackbot|slack-imgproxy|facebookexternalhit|facebot|whatsapp|telegrambot|twitterbot|discordbot|linkedinbot|skypeuripreview|applebot|googlebot|google-(?:inspectiontool|read-aloud|pagerenderer)|bingbot|bingpreview|microsoft preview|embedly|iframely|redditbot|pinterestbot|yandexbot|duckduckbot|baiduspider|\b(?:bot|crawler|spider)\b/i

export interface Headers {
  readonly 'user-agent'?: string | undefined
  readonly 'sec-purpose'?: string | string[] | undefined
  readonly purpose?: string | string[] | undefined
}

/** Whether a program looks at a link for somebody who has not opened it. Nobody is kept out by this: it decides what counts as a view. */
export function isPreviewer(headers: Headers): boolean {
  return PREVIEWERS.test(headers['user-agent'] ?? '')
}

/** Whether a person has the page before them: no preview, and no browser that loads a page before it is asked for. */
export function isViewer(method: string, headers: Headers): boolean {
  const purpose = String(headers['sec-purpose'] ?? headers.purpose ?? '')
  return method === 'GET' && !isPreviewer(headers) && !/prefetch|prerender|preview/i.test(purpose)
}
