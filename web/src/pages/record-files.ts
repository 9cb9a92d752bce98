/** Game records into the page: chosen, dropped or pasted. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { decodeSgf } from '../../../engine/record/sgf-encoding.ts';
import { MAX_SGF_BYTES } from '../../../engine/record/sgf-parse.ts';
import { MAX_SGF_CHARACTERS } from '../../../server/protocol/messages.ts';
import { uploadSgf } from '../browser/api.ts';
import { gunzip, isGzip } from '../browser/gunzip.ts';
import { openRecord } from '../state/opened-record.ts';
import type { GameSession } from '../state/session.ts';

/** More than any collection of records that one looks into here; unpacked, where it is gzipped. */
const MAX_FILE_BYTES = 64 * 2 ** 20;

export type RecordFilesOptions = {
  /** The id of the level that goes on with an opened record, once there is one. */
  readonly level: () => Promise<string>;
  /** Makes room for another game; false where the person would rather stay. */
  readonly leaveGame: () => Promise<boolean>;
};

export class RecordFiles implements ReactiveController {
  private readonly session: GameSession;
  private readonly options: RecordFilesOptions;
  /** Counts the records that were to be opened: any but the newest come too late. */
  private turn = 0;

  constructor(host: ReactiveControllerHost, session: GameSession, options: RecordFilesOptions) {
    this.session = session;
    this.options = options;
    host.addController(this);
  }

  hostConnected(): void {
    addEventListener('dragover', this.onDragOver);
    addEventListener('drop', this.onDrop);
    addEventListener('paste', this.onPaste);
  }

  hostDisconnected(): void {
    removeEventListener('dragover', this.onDragOver);
    removeEventListener('drop', this.onDrop);
    removeEventListener('paste', this.onPaste);
  }

  /** Opens a record, or shows in one sentence why it cannot be opened. */
  async open(name: string, record: Blob): Promise<void> {
    const turn = ++this.turn;
    const isLate = (): boolean => turn !== this.turn;
    const notice = await this.tryOpen(name, record, isLate);
    if (notice !== null && !isLate()) this.session.store.update({ notice });
  }

  /** @returns a sentence where that is impossible. */
  private async tryOpen(name: string, record: Blob, isLate: () => boolean): Promise<string | null> {
    const tooLarge = (most: number): string =>
      `${name} is larger than ${most / 2 ** 20} MiB: choose the record of one game.`;
    if (record.size > MAX_FILE_BYTES) return tooLarge(MAX_FILE_BYTES);
    let bytes: Uint8Array<ArrayBuffer> | null;
    try {
      bytes = new Uint8Array(await record.arrayBuffer());
    } catch {
      return `${name} cannot be read: it may have been moved, changed or locked since it was chosen.`;
    }
    try {
      if (isGzip(bytes)) bytes = await gunzip(bytes, MAX_FILE_BYTES);
    } catch {
      return `${name} is gzipped but damaged or cut short: copy it again.`;
    }
    if (bytes === null) return tooLarge(MAX_FILE_BYTES);
    const { text, leftOut } = openRecord(decodeSgf(bytes));
    const game = utf8File(text);
    if (game.size > MAX_SGF_BYTES) return tooLarge(MAX_SGF_BYTES);
    const level = await this.options.level();
    if (isLate() || !(await this.options.leaveGame()) || isLate()) return null;
    if (game.size <= MAX_SGF_CHARACTERS) {
      this.session.send({ type: 'load-sgf', text, level }, leftOut);
      return null;
    }
    const left = this.session.store.value.game;
    const uploaded = await uploadSgf(game, level);
    if (!uploaded.ok) return uploaded.message;
    const now = this.session.store.value.game;
    if (now?.id !== left?.id || now?.moves.length !== left?.moves.length)
      return `${name} was not opened, since play went on before it had reached the server: open it again.`;
    if (!isLate()) this.session.open(uploaded.game, leftOut);
    return null;
  }

  private readonly onDragOver = (event: DragEvent): void => event.preventDefault();

  private readonly onDrop = (event: DragEvent): void => {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) void this.open(file.name, file);
  };

  private readonly onPaste = (event: ClipboardEvent): void => {
    const text = event.clipboardData?.getData('text/plain').trim() ?? '';
    if (text.startsWith('(;')) void this.open('The pasted text', utf8File(text));
  };
}

/** The byte order mark says that these bytes are UTF-8, whatever CA says of the file the text came from. */
function utf8File(text: string): Blob {
  return new Blob(['\ufeff', text]);
}
