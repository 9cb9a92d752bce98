/** The page's entry: styles of the document and the one page element. */
import { guardSecondClicks } from './browser/second-clicks.ts';
import './styles/page.css';
import './pages/play-page.ts';

guardSecondClicks();
