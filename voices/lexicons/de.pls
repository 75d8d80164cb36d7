<?xml version="1.0" encoding="UTF-8"?>
<!-- Namen aus den Nachrichten, die Sprachausgaben auf Deutsch falsch lesen. -->
<lexicon version="1.0" alphabet="ipa" xml:lang="de"
         xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">
  <lexeme><grapheme>Selenskyj</grapheme><grapheme>Selenski</grapheme><phoneme>zeˈlɛnskij</phoneme></lexeme>
  <lexeme><grapheme>Kyjiw</grapheme><phoneme>ˈkɪjiu</phoneme></lexeme>
  <lexeme><grapheme>Kiew</grapheme><phoneme>ˈkiːɛf</phoneme></lexeme>
  <lexeme><grapheme>Charkiw</grapheme><phoneme>ˈxaʁkɪf</phoneme></lexeme>
  <lexeme><grapheme>Xi Jinping</grapheme><phoneme>ʃiː dʒɪnˈpɪŋ</phoneme></lexeme>
  <lexeme><grapheme>Macron</grapheme><phoneme>maˈkʁɔ̃</phoneme></lexeme>
  <lexeme><grapheme>Biden</grapheme><phoneme>ˈbaɪdən</phoneme></lexeme>
  <lexeme><grapheme>Trump</grapheme><phoneme>tʁamp</phoneme></lexeme>
  <lexeme><grapheme>Starmer</grapheme><phoneme>ˈstaːmɐ</phoneme></lexeme>
  <lexeme><grapheme>Musk</grapheme><phoneme>mask</phoneme></lexeme>
  <lexeme><grapheme>Zuckerberg</grapheme><phoneme>ˈzakɐbœːɡ</phoneme></lexeme>
  <lexeme><grapheme>Bezos</grapheme><phoneme>ˈbeːzɔs</phoneme></lexeme>
  <lexeme><grapheme>Facebook</grapheme><phoneme>ˈfeɪsbʊk</phoneme></lexeme>
  <lexeme><grapheme>YouTube</grapheme><phoneme>ˈjuːtjuːp</phoneme></lexeme>
  <lexeme><grapheme>WhatsApp</grapheme><phoneme>ˈvɔtsɛp</phoneme></lexeme>
  <lexeme><grapheme>TikTok</grapheme><phoneme>ˈtɪktɔk</phoneme></lexeme>
  <lexeme><grapheme>Nike</grapheme><phoneme>ˈnaɪki</phoneme></lexeme>
  <lexeme><grapheme>Renault</grapheme><phoneme>ʁəˈnoː</phoneme></lexeme>
  <lexeme><grapheme>Peugeot</grapheme><phoneme>pøˈʒoː</phoneme></lexeme>
  <lexeme><grapheme>Versailles</grapheme><phoneme>vɛʁˈzaɪ</phoneme></lexeme>
  <lexeme><grapheme>Bordeaux</grapheme><phoneme>bɔʁˈdoː</phoneme></lexeme>
  <lexeme><grapheme>Mbappé</grapheme><phoneme>ɛmbaˈpeː</phoneme></lexeme>
  <lexeme><grapheme>Leicester</grapheme><phoneme>ˈlɛstɐ</phoneme></lexeme>
  <lexeme><grapheme>Edinburgh</grapheme><phoneme>ˈɛdɪnbəʁə</phoneme></lexeme>
  <lexeme><grapheme>Netanjahu</grapheme><phoneme>netanˈjaːhu</phoneme></lexeme>
  <lexeme><grapheme>Meloni</grapheme><phoneme>meˈloːni</phoneme></lexeme>
  <lexeme><grapheme>Quai</grapheme><phoneme>kɛː</phoneme></lexeme>
  <lexeme><grapheme>Brexit</grapheme><phoneme>ˈbʁɛksɪt</phoneme></lexeme>
</lexicon>
