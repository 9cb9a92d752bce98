/** The page's entry: styles of the document and the one page element. */
import './styles/page.css';
import './pages/play-page.ts';
