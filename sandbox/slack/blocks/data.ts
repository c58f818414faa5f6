import { z } from 'zod'

import { richText } from './rich-text.ts'
import { identifier } from './text.ts'

const cell = z.discriminatedUnion('type', [
  richText,
  z.strictObject({ type: z.literal('raw_text'), text: z.string().min(1) }),
  z.strictObject({ type: z.literal('raw_number'), value: z.number(), text: z.string().min(1) }),
])

const rows = z.array(z.array(cell).min(1).max(20)).min(1)

const table = z.strictObject({
  type: z.literal('table'),
  block_id: identifier,
  rows: rows.max(100),
  column_settings: z
    .array(
      z
        .strictObject({
          align: z.enum(['left', 'center', 'right']).optional(),
          is_wrapped: z.boolean().optional(),
        })
        .nullable(),
    )
    .max(20)
    .optional(),
})

const dataTable = z.strictObject({
  type: z.literal('data_table'),
  block_id: identifier,
  rows,
  caption: z.string().min(1),
  page_size: z.int().min(1).max(100).optional(),
  row_header_column_index: z.int().min(0).optional(),
})

const name = z.string().min(1).max(20)
const point = z.strictObject({ label: name, value: z.number() })

const axes = z.strictObject({
  categories: z.array(name).min(1).max(20),
  x_label: z.string().max(50).optional(),
  y_label: z.string().max(50).optional(),
})

const seriesChart = <T extends string>(type: T) =>
  z.strictObject({
    type: z.literal(type),
    series: z
      .array(z.strictObject({ name, data: z.array(point).min(1).max(20) }))
      .min(1)
      .max(12),
    axis_config: axes,
  })

const dataVisualization = z.strictObject({
  type: z.literal('data_visualization'),
  block_id: identifier,
  title: z.string().min(1).max(50),
  chart: z.discriminatedUnion('type', [
    seriesChart('line'),
    seriesChart('bar'),
    seriesChart('area'),
    z.strictObject({ type: z.literal('pie'), segments: z.array(point).min(1).max(12) }),
  ]),
})

const taskCard = z.strictObject({
  type: z.literal('task_card'),
  block_id: identifier,
  task_id: z.string().min(1),
  title: z.string().min(1),
  details: richText.optional(),
  output: richText.optional(),
  sources: z.array(z.strictObject({ type: z.literal('url'), url: z.string().min(1), text: z.string().min(1) })).optional(),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
})

const plan = z.strictObject({
  type: z.literal('plan'),
  block_id: identifier,
  title: z.string().min(1),
  tasks: z.array(taskCard).optional(),
})

/** Blocks that only a message can carry and that show data or an agent's progress. */
export const messageOnly = [table, dataTable, dataVisualization, taskCard, plan] as const
