/** Game records into the page: chosen, dropped or pasted. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { decodeSgf } from '../../../engine/record/sgf-encoding.ts';
import { MAX_SGF_BYTES } from '../../../engine/record/sgf-parse.ts';
import { MAX_SGF_CHARACTERS } from '../../../server/protocol/messages.ts';
import { uploadSgf } from '../browser/api.ts';
import type { GameSession } from '../state/session.ts';

export type RecordFilesOptions = {
  /** The id of the level that goes on with an opened record. */
  readonly level: () => string;
  /** Makes room for another game; false where the person would rather stay. */
  readonly leaveGame: () => Promise<boolean>;
};

export class RecordFiles implements ReactiveController {
  private readonly session: GameSession;
  private readonly options: RecordFilesOptions;

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
    const notice = await this.tryOpen(name, record);
    if (notice !== null) this.session.store.update({ notice });
  }

  private async tryOpen(name: string, record: Blob): Promise<string | null> {
    if (record.size > MAX_SGF_BYTES)
      return `${name} is larger than ${MAX_SGF_BYTES / 2 ** 20} MiB: choose the record of one game.`;
    let bytes: Uint8Array;
    try {
      bytes = new Uint8Array(await record.arrayBuffer());
    } catch {
      return `${name} cannot be read: it may have been moved, changed or locked since it was chosen.`;
    }
    if (!(await this.options.leaveGame())) return null;
    const text = decodeSgf(bytes);
    const level = this.options.level();
    if (text.length <= MAX_SGF_CHARACTERS) {
      this.session.send({ type: 'load-sgf', text, level });
      return null;
    }
    const uploaded = await uploadSgf(record, level);
    if (!uploaded.ok) return uploaded.message;
    this.session.open(uploaded.game);
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
    // The byte order mark says that these bytes are UTF-8, whatever CA says of the file the text came from.
    if (text.startsWith('(;')) void this.open('The pasted text', new Blob(['\ufeff', text]));
  };
}
