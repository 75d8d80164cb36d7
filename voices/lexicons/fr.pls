<?xml version="1.0" encoding="UTF-8"?>
<!-- Noms de l'actualité que les synthèses vocales lisent mal en français. -->
<lexicon version="1.0" alphabet="ipa" xml:lang="fr"
         xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">
  <lexeme><grapheme>Zelensky</grapheme><grapheme>Zelenski</grapheme><phoneme>zelɛnˈski</phoneme></lexeme>
  <lexeme><grapheme>Kharkiv</grapheme><phoneme>xaʁˈkiv</phoneme></lexeme>
  <lexeme><grapheme>Xi Jinping</grapheme><phoneme>ʃi dʒinˈpiŋ</phoneme></lexeme>
  <lexeme><grapheme>Biden</grapheme><phoneme>bajˈdɛn</phoneme></lexeme>
  <lexeme><grapheme>Starmer</grapheme><phoneme>staʁˈmœʁ</phoneme></lexeme>
  <lexeme><grapheme>Scholz</grapheme><phoneme>ʃɔlts</phoneme></lexeme>
  <lexeme><grapheme>Merz</grapheme><phoneme>mɛʁts</phoneme></lexeme>
  <lexeme><grapheme>Orbán</grapheme><phoneme>ɔʁˈban</phoneme></lexeme>
  <lexeme><grapheme>Erdoğan</grapheme><grapheme>Erdogan</grapheme><phoneme>ɛʁdoˈan</phoneme></lexeme>
  <lexeme><grapheme>Bundestag</grapheme><phoneme>bundəsˈtaɡ</phoneme></lexeme>
  <lexeme><grapheme>Brexit</grapheme><phoneme>bʁɛkˈsit</phoneme></lexeme>
  <lexeme><grapheme>Twitter</grapheme><phoneme>twiˈtœʁ</phoneme></lexeme>
  <lexeme><grapheme>Reims</grapheme><phoneme>ʁɛ̃s</phoneme></lexeme>
  <lexeme><grapheme>Metz</grapheme><phoneme>mɛs</phoneme></lexeme>
  <lexeme><grapheme>Auxerre</grapheme><phoneme>oˈsɛʁ</phoneme></lexeme>
  <lexeme><grapheme>Bruxelles</grapheme><phoneme>bʁyˈsɛl</phoneme></lexeme>
  <lexeme><grapheme>von der Leyen</grapheme><phoneme>fɔn dɛʁ laˈjɛn</phoneme></lexeme>
</lexicon>
