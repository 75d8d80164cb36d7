<?xml version="1.0" encoding="UTF-8"?>
<!-- Names in the news that speech engines read wrongly in English. IPA as broadcasters say them. -->
<lexicon version="1.0" alphabet="ipa" xml:lang="en"
         xmlns="http://www.w3.org/2005/01/pronunciation-lexicon">
  <lexeme><grapheme>Zelensky</grapheme><grapheme>Zelenskyy</grapheme><grapheme>Zelenskiy</grapheme><phoneme>zəˈlɛnski</phoneme></lexeme>
  <lexeme><grapheme>Volodymyr</grapheme><phoneme>vɒˈlɒdɪmɪə</phoneme></lexeme>
  <lexeme><grapheme>Kyiv</grapheme><phoneme>ˈkiːjɪv</phoneme></lexeme>
  <lexeme><grapheme>Lviv</grapheme><phoneme>ləˈviːv</phoneme></lexeme>
  <lexeme><grapheme>Odesa</grapheme><phoneme>oʊˈdɛsə</phoneme></lexeme>
  <lexeme><grapheme>Dnipro</grapheme><phoneme>dəˈniːpɹoʊ</phoneme></lexeme>
  <lexeme><grapheme>Donetsk</grapheme><phoneme>dɒˈnjɛtsk</phoneme></lexeme>
  <lexeme><grapheme>Zaporizhzhia</grapheme><grapheme>Zaporizhia</grapheme><phoneme>ˌzæpəˈɹɪʒə</phoneme></lexeme>
  <lexeme><grapheme>Kherson</grapheme><phoneme>xɛəˈsɒn</phoneme></lexeme>
  <lexeme><grapheme>Bakhmut</grapheme><phoneme>ˈbɑːxmʊt</phoneme></lexeme>
  <lexeme><grapheme>Mariupol</grapheme><phoneme>ˌmæɹiˈuːpɒl</phoneme></lexeme>
  <lexeme><grapheme>Putin</grapheme><phoneme>ˈpuːtɪn</phoneme></lexeme>
  <lexeme><grapheme>Navalny</grapheme><phoneme>nəˈvɑːlni</phoneme></lexeme>
  <lexeme><grapheme>Prigozhin</grapheme><phoneme>pɹɪˈɡoʊʒɪn</phoneme></lexeme>
  <lexeme><grapheme>Lukashenko</grapheme><phoneme>ˌluːkəˈʃɛŋkoʊ</phoneme></lexeme>
  <lexeme><grapheme>Xi Jinping</grapheme><phoneme>ˈʃiː dʒɪnˈpɪŋ</phoneme></lexeme>
  <lexeme><grapheme>President Xi</grapheme><alias>President Shee</alias></lexeme>
  <lexeme><grapheme>Mr Xi</grapheme><alias>Mister Shee</alias></lexeme>
  <lexeme><grapheme>Mr. Xi</grapheme><alias>Mister Shee</alias></lexeme>
  <lexeme><grapheme>Qingdao</grapheme><phoneme>tʃɪŋˈdaʊ</phoneme></lexeme>
  <lexeme><grapheme>Guangzhou</grapheme><phoneme>ˌɡwɑːŋˈdʒoʊ</phoneme></lexeme>
  <lexeme><grapheme>Zhengzhou</grapheme><phoneme>ˌdʒʌŋˈdʒoʊ</phoneme></lexeme>
  <lexeme><grapheme>Xinjiang</grapheme><phoneme>ˌʃɪndʒiˈɑːŋ</phoneme></lexeme>
  <lexeme><grapheme>Uyghur</grapheme><phoneme>ˈwiːɡʊə</phoneme></lexeme>
  <lexeme><grapheme>Uyghurs</grapheme><phoneme>ˈwiːɡʊəz</phoneme></lexeme>
  <lexeme><grapheme>Huawei</grapheme><phoneme>ˈwɑːweɪ</phoneme></lexeme>
  <lexeme><grapheme>Scholz</grapheme><phoneme>ʃɒlts</phoneme></lexeme>
  <lexeme><grapheme>Merz</grapheme><phoneme>mɛəts</phoneme></lexeme>
  <lexeme><grapheme>Bundestag</grapheme><phoneme>ˈbʊndəstɑːɡ</phoneme></lexeme>
  <lexeme><grapheme>Bundeswehr</grapheme><phoneme>ˈbʊndəsveə</phoneme></lexeme>
  <lexeme><grapheme>Bundesbank</grapheme><phoneme>ˈbʊndəsbæŋk</phoneme></lexeme>
  <lexeme><grapheme>von der Leyen</grapheme><phoneme>fɒn dɛə ˈlaɪən</phoneme></lexeme>
  <lexeme><grapheme>Mélenchon</grapheme><phoneme>meɪlɒnˈʃɒn</phoneme></lexeme>
  <lexeme><grapheme>Macron</grapheme><phoneme>mæˈkɹɒn</phoneme></lexeme>
  <lexeme><grapheme>Mbappé</grapheme><grapheme>Mbappe</grapheme><phoneme>əmbɑːˈpeɪ</phoneme></lexeme>
  <lexeme><grapheme>Versailles</grapheme><phoneme>vɛəˈsaɪ</phoneme></lexeme>
  <lexeme><grapheme>Erdoğan</grapheme><grapheme>Erdogan</grapheme><phoneme>ˈɛədoʊwɑːn</phoneme></lexeme>
  <lexeme><grapheme>Netanyahu</grapheme><phoneme>ˌnɛtənˈjɑːhuː</phoneme></lexeme>
  <lexeme><grapheme>Houthi</grapheme><phoneme>ˈhuːθi</phoneme></lexeme>
  <lexeme><grapheme>Houthis</grapheme><phoneme>ˈhuːθiz</phoneme></lexeme>
  <lexeme><grapheme>Rafah</grapheme><phoneme>ˈɹɑːfə</phoneme></lexeme>
  <lexeme><grapheme>Khan Younis</grapheme><grapheme>Khan Yunis</grapheme><phoneme>xɑːn ˈjuːnɪs</phoneme></lexeme>
  <lexeme><grapheme>Ramallah</grapheme><phoneme>ɹəˈmælə</phoneme></lexeme>
  <lexeme><grapheme>Khamenei</grapheme><phoneme>ˌxɑːmənˈeɪ</phoneme></lexeme>
  <lexeme><grapheme>Kabul</grapheme><phoneme>ˈkɑːbʊl</phoneme></lexeme>
  <lexeme><grapheme>Aung San Suu Kyi</grapheme><phoneme>aʊŋ ˌsæn suː ˈtʃiː</phoneme></lexeme>
  <lexeme><grapheme>Myanmar</grapheme><phoneme>ˌmiːənˈmɑː</phoneme></lexeme>
  <lexeme><grapheme>Rohingya</grapheme><phoneme>ɹoʊˈhɪndʒə</phoneme></lexeme>
  <lexeme><grapheme>Phuket</grapheme><phoneme>puːˈkɛt</phoneme></lexeme>
  <lexeme><grapheme>Kyoto</grapheme><phoneme>ˈkjoʊtoʊ</phoneme></lexeme>
  <lexeme><grapheme>Pyongyang</grapheme><phoneme>ˌpjɒŋˈjæŋ</phoneme></lexeme>
  <lexeme><grapheme>Tigray</grapheme><phoneme>tiːˈɡɹaɪ</phoneme></lexeme>
  <lexeme><grapheme>Tbilisi</grapheme><phoneme>təbɪˈliːsi</phoneme></lexeme>
  <lexeme><grapheme>Chisinau</grapheme><grapheme>Chișinău</grapheme><phoneme>ˌkiːʃɪˈnaʊ</phoneme></lexeme>
  <lexeme><grapheme>Nagorno-Karabakh</grapheme><phoneme>nəˈɡɔːnoʊ ˌkæɹəˈbɑːx</phoneme></lexeme>
  <lexeme><grapheme>Reykjavik</grapheme><grapheme>Reykjavík</grapheme><phoneme>ˈɹeɪkjəvɪk</phoneme></lexeme>
  <lexeme><grapheme>Srebrenica</grapheme><phoneme>ˌsɹɛbɹəˈniːtsə</phoneme></lexeme>
  <lexeme><grapheme>Vučić</grapheme><grapheme>Vucic</grapheme><phoneme>ˈvuːtʃɪtʃ</phoneme></lexeme>
  <lexeme><grapheme>Kaczyński</grapheme><grapheme>Kaczynski</grapheme><phoneme>kəˈtʃɪnski</phoneme></lexeme>
  <lexeme><grapheme>Łódź</grapheme><phoneme>wuːtʃ</phoneme></lexeme>
  <lexeme><grapheme>Wrocław</grapheme><phoneme>ˈvɹɒtswɑːf</phoneme></lexeme>
  <lexeme><grapheme>Kraków</grapheme><phoneme>ˈkɹækuːf</phoneme></lexeme>
  <lexeme><grapheme>Świątek</grapheme><grapheme>Swiatek</grapheme><phoneme>ʃviˈɒntɛk</phoneme></lexeme>
  <lexeme><grapheme>Djokovic</grapheme><phoneme>ˈdʒoʊkəvɪtʃ</phoneme></lexeme>
  <lexeme><grapheme>Giannis</grapheme><phoneme>ˈjɑːnɪs</phoneme></lexeme>
  <lexeme><grapheme>Oaxaca</grapheme><phoneme>wəˈhɑːkə</phoneme></lexeme>
  <lexeme><grapheme>Xochitl</grapheme><phoneme>ˈsoʊtʃɪl</phoneme></lexeme>
  <lexeme><grapheme>Ocasio</grapheme><phoneme>oʊˈkɑːsioʊ</phoneme></lexeme>
  <lexeme><grapheme>Buttigieg</grapheme><phoneme>ˈbuːtədʒɛdʒ</phoneme></lexeme>
  <lexeme><grapheme>Sunak</grapheme><phoneme>ˈsuːnæk</phoneme></lexeme>
  <lexeme><grapheme>Keir</grapheme><phoneme>kɪə</phoneme></lexeme>
  <lexeme><grapheme>Rutte</grapheme><phoneme>ˈɹʊtə</phoneme></lexeme>
  <lexeme><grapheme>Kallas</grapheme><phoneme>ˈkɑːləs</phoneme></lexeme>
  <lexeme><grapheme>Meloni</grapheme><phoneme>məˈloʊni</phoneme></lexeme>
  <lexeme><grapheme>Niamh</grapheme><phoneme>niːv</phoneme></lexeme>
  <lexeme><grapheme>Dáil</grapheme><phoneme>dɔɪl</phoneme></lexeme>
  <lexeme><grapheme>Sinn Féin</grapheme><grapheme>Sinn Fein</grapheme><phoneme>ʃɪn ˈfeɪn</phoneme></lexeme>
  <lexeme><grapheme>Goethe</grapheme><phoneme>ˈɡɜːtə</phoneme></lexeme>
  <lexeme><grapheme>Boise</grapheme><phoneme>ˈbɔɪzi</phoneme></lexeme>
  <lexeme><grapheme>PostgreSQL</grapheme><alias>Postgres Q L</alias></lexeme>
  <lexeme><grapheme>nginx</grapheme><alias>engine X</alias></lexeme>
  <lexeme><grapheme>IAEA</grapheme><phoneme>ˌaɪeɪiːˈeɪ</phoneme></lexeme>
  <lexeme><grapheme>OPEC</grapheme><phoneme>ˈoʊpɛk</phoneme></lexeme>
</lexicon>
