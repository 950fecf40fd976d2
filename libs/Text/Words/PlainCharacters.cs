namespace Rewas.Text.Words;

/// <summary>
/// Brings characters to one form before words are looked up: full-width forms to ASCII, traditional to simplified Chinese, letters to
/// lower case without accents. The length stays the same, so a position is the same in both texts.
/// </summary>
static class PlainCharacters
{
    const char FirstFullWidth = '\uff01', LastFullWidth = '\uff5e', FullWidthOffset = (char)0xfee0;
    const char FirstHalfKana = '\uff66', LastHalfKana = '\uff9d';

    /// <summary>Full-width katakana for the half-width ones from U+FF66 to U+FF9D.</summary>
    const string FullKana = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";

    const char FirstMark = '\u0300', LastMark = '\u036f';

    /// <summary>Pairs of a traditional character and its simplified form, for the characters of the lexicon.</summary>
    const string Simplified =
        "標标夠够著着麼么裏里彷仿週周巔巅歐欧龜龟聲声風风鳥鸟雞鸡貓猫門门車车馬马龍龙給给這这個个頻频視视請请無无沒没別别樂乐響响輕轻點点紅红開开關关鐘钟鈴铃鍵键盤盘腳脚錘锤鐵铁銅铜銀银錢钱碼码機机電电話话語语說说講讲談谈讓让樹树"
        + "葉叶嬰婴兒儿歡欢聽听見见聞闻後后來来過过經经駛驶飛飞輪轮輛辆軌轨場场廚厨廳厅園园圍围陽阳陰阴隱隐約约極极幾几為为與与將将從从對对應应該该還还會会們们啟启動动發发擊击撃击斷断搖摇擺摆鬧闹靜静細细緩缓強强勁劲濺溅滾滚潑泼澆浇"
        + "漲涨濤涛滲渗溫温熱热煙烟燒烧營营爐炉煉炼獅狮貍狸豬猪鴨鸭鵝鹅鴉鸦鷗鸥鴿鸽鷹鹰蟬蝉蟲虫蝦虾魚鱼驢驴吶呐嗚呜噓嘘嚕噜嘯啸囉啰嗎吗喲哟嘩哗啞哑喚唤單单純纯僅仅須须刪删減减調调亂乱畫画麵面樓楼層层牆墙紙纸筆笔書书寫写讀读頁页揚扬"
        + "彈弹鋼钢鍋锅鏈链鎖锁鑰钥鏟铲鑽钻鋸锯鎚锤釘钉鐺铛鏘锵環环籃篮網网獎奖淚泪媽妈爺爷觀观眾众羣群擁拥擠挤購购買买賣卖館馆學学醫医廠厂業业術术農农莊庄橋桥樁桩灘滩灣湾島岛嶺岭巖岩礫砾塊块塵尘壓压壞坏鬆松緊紧輸输轉转遠远處处適适"
        + "選选邊边連连進进運运達达遙遥際际隻只雙双雜杂離离難难雲云霧雾靂雳顆颗類类顯显飯饭養养駕驾騎骑驚惊體体鬥斗鮮鲜麗丽黃黄齊齐齒齿嚇吓嘗尝團团圖图執执堅坚報报壺壶夢梦夾夹奪夺奮奋嬌娇孫孙寧宁實实審审寶宝導导尋寻屆届嶄崭幣币幫帮"
        + "廣广廢废張张彎弯彙汇徹彻恆恒悅悦惡恶惱恼愛爱態态慶庆憶忆憤愤懶懒戲戏戰战掃扫掛挂採采揮挥損损換换撥拨撿捡擋挡據据擴扩攔拦攜携攝摄敗败敵敌數数斬斩時时晝昼暫暂曉晓曬晒條条棄弃槍枪樣样橫横檢检櫃柜權权歷历歸归殘残殺杀氣气氾泛"
        + "決决沖冲淒凄淨净淺浅湧涌準准溝沟滅灭滿满漸渐潔洁潛潜濃浓濕湿灑洒災灾燈灯燭烛爭争牽牵獨独獵猎獸兽瑣琐瑪玛甕瓮產产異异當当療疗瘋疯皺皱監监礙碍禮礼稱称種种穩稳窩窝競竞節节範范築筑簡简籠笼糾纠級级納纳紐纽紗纱紋纹紛纷終终組组"
        + "結结絕绝絡络統统絲丝綁绑綠绿維维綱纲緒绪線线練练縫缝縮缩織织繞绕繩绳繪绘繼继續续罰罚罵骂羅罗習习翹翘聯联聰聪職职聾聋肅肃脈脉脫脱腦脑腫肿臉脸臟脏舊旧艙舱艦舰蓋盖蓮莲蔥葱薑姜藍蓝藝艺藥药蘆芦蘋苹虛虚號号蟻蚁蠅蝇裝装裡里製制"
        + "複复襪袜計计訂订訊讯訓训記记許许訴诉註注評评詞词試试詩诗誇夸誕诞誠诚誤误課课諒谅證证識识譜谱譯译護护譽誉變变豐丰貝贝負负財财貧贫貨货販贩責责貴贵費费貼贴賊贼賞赏賬账賽赛趕赶趨趋跡迹踐践踴踊躍跃軍军軟软較较載载輔辅輝辉輩辈"
        + "辦办辭辞遊游遲迟遷迁遺遗郵邮鄉乡鄰邻醬酱釀酿針针釣钓鈍钝鉛铅鉤钩銳锐鋒锋鋪铺錄录錯错鍛锻鍾钟鎮镇鏡镜鑼锣長长閃闪閉闭間间閣阁闊阔陣阵陸陆隊队階阶隨随險险雖虽韌韧韻韵頂顶順顺預预頑顽頓顿領领頭头頰颊頸颈顏颜願愿顛颠顧顾颱台"
        + "餅饼餓饿饑饥騙骗驗验骯肮髒脏鬍胡魯鲁鯨鲸鱷鳄鳴鸣鴻鸿鵑鹃鶯莺鷄鸡鹽盐";

    static readonly Lazy<Dictionary<char, char>> ToSimplified = new(() =>
    {
        var pairs = new Dictionary<char, char>();
        for (var i = 0; i + 1 < Simplified.Length; i += 2)
            pairs[Simplified[i]] = Simplified[i + 1];
        return pairs;
    });

    /// <summary>ASCII for full-width forms, and one form for each kind of quotation mark, apostrophe, dash and space.</summary>
    public static string Narrow(string text) => string.Create(text.Length, text, static (plain, text) =>
    {
        for (var i = 0; i < text.Length; i++)
            plain[i] = text[i] switch
            {
                >= FirstFullWidth and <= LastFullWidth => (char)(text[i] - FullWidthOffset),
                '\u3000' or '\u00a0' or '\u202f' or '\u2009' => ' ',
                '\u2019' or '\u2018' or '\u02bc' or '`' or '\u00b4' => '\'',
                '\u201c' or '\u201d' or '\u201e' or '\u00ab' or '\u00bb' or '\u300c' or '\u300d' or '\u300e' or '\u300f' => '"',
                '\u2013' or '\u2014' or '\u2212' or '\u2015' => '-',
                '\u3002' or '\uff61' => '.',
                '\uff64' => '、',
                >= FirstHalfKana and <= LastHalfKana => FullKana[text[i] - FirstHalfKana],
                _ => text[i],
            };
    });

    /// <summary>Simplified for traditional Chinese characters.</summary>
    public static string Simplify(string text) =>
        string.Create(text.Length, text, static (plain, text) =>
        {
            for (var i = 0; i < text.Length; i++)
                plain[i] = ToSimplified.Value.GetValueOrDefault(text[i], text[i]);
        });

    /// <summary>Lower case, without accents and without combining marks; of another length than the text.</summary>
    public static string Key(ReadOnlySpan<char> word)
    {
        var plain = Accents.Remove(word).ToLowerInvariant();
        return plain.Any(letter => letter is >= FirstMark and <= LastMark || letter == 'ß' || letter is 'œ' or 'æ' or 'Œ' or 'Æ')
            ? string.Concat(plain.Where(letter => letter is < FirstMark or > LastMark)
                .Select(letter => letter switch
                {
                    'ß' => "ss",
                    'œ' or 'Œ' => "oe",
                    'æ' or 'Æ' => "ae",
                    _ => letter.ToString(),
                }))
            : plain;
    }

    /// <summary>The key of a German word. Umlauts are two letters, as they are typed without them.</summary>
    public static string GermanKey(ReadOnlySpan<char> word) =>
        Key(string.Concat(word.ToString().ToLowerInvariant().Select(letter => letter switch
        {
            'ä' => "ae",
            'ö' => "oe",
            'ü' => "ue",
            _ => letter.ToString(),
        })));

    /// <summary>The key of a German word whose umlauts are written as letters without dots.</summary>
    public static string LooseGermanKey(ReadOnlySpan<char> word) =>
        Key(word).Replace("ae", "a", StringComparison.Ordinal).Replace("oe", "o", StringComparison.Ordinal)
            .Replace("ue", "u", StringComparison.Ordinal);

    public static bool IsMark(char letter) => letter is >= FirstMark and <= LastMark;

    public static bool IsHan(char letter) => letter is >= '\u4e00' and <= '\u9fff' or >= '\u3400' and <= '\u4dbf' or '\u3005';

    public static bool IsKana(char letter) => letter is >= '\u3041' and <= '\u3096' or >= '\u30a1' and <= '\u30fa' or '\u30fc' or '\u3099'
        or '\u309a';
}
