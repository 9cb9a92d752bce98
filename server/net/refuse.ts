/** How HTTP requests are refused: a status and one sentence as JSON. */
import type { Response } from 'express';

export function refuse(response: Response, status: number, error: string): void {
  response.status(status).json({ error });
}
