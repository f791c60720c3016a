"""Tables of true, near-true and false examples: what is found as which fact, and what only looks like one."""

import statistics
import time

import pytest

from rewriter import facts, lexicon
from rewriter.facts import values
from rewriter.model import Document, Sentence
from rewriter.seal import seal_draft

# text | kind | span | value | scope. One line a fact; the text may hold others.
TRUE = {
    "en": """
Your refund of $49.99 was issued | amount | $49.99 | $ 49.99 |
It costs $1,200 | amount | $1,200 | $ 1200 |
It costs USD 5 | amount | USD 5 | USD 5 |
You paid 20 euros | amount | 20 euros | EUR 20 |
fifty cents a call | amount | fifty cents | ¢ 50 |
A credit of up to $20-$30 | amount | $20-$30 | $ 20..30 | <=
between $20 and $30 | amount | between $20 and $30 | $ 20..30 |
The plan is $10 per month | amount | $10 per month | $ 10 /month |
A budget of $1.2k | amount | $1.2k | $ 1200 |
Your balance is -$5 | amount | -$5 | $ -5 |
$500 USD was charged | amount | $500 USD | USD 500 |
You pay £7.5bn | amount | £7.5bn | GBP 7500000000 |
at least 15% off | percentage | 15% | 15 | >=
ten percent off | percentage | ten percent | 10 |
issued on March 3 | date | March 3 | --03-03 |
due 3 March 2024 | date | 3 March 2024 | 2024-03-03 |
by Friday, March 3rd, 2024 | date | Friday, March 3rd, 2024 | 2024-03-03 fri | by
the 3rd of March | date | 3rd of March | --03-03 |
We reply by the 3rd. | date | the 3rd | ---03 | by
on 2024-03-03 | date | 2024-03-03 | 2024-03-03 |
at 2024-03-03T14:00:00Z | date | 2024-03-03T14:00:00Z | 2024-03-03T14:00:00Z |
on 13/04/2024 | date | 13/04/2024 | 2024-04-13 |
on 03/04 | date | 03/04 | 03/04 |
It opens in May | date | May | --05 |
See you tomorrow | date | tomorrow | +1d |
next Friday works | date | next Friday | next fri |
by end of day | date | end of day | end of day | by
before Monday. | date | Monday | mon | before
open Mon-Fri | date | Mon-Fri | mon..fri |
in Q3 2024 | date | Q3 2024 | 2024-Q3 |
since 2019 | date | 2019 | 2019 | since
starting from Friday | date | Friday | fri | since
not before 5 pm | time | 5 pm | 17:00 | not before
at 2:30 p.m. today | time | 2:30 p.m. | 14:30 |
at 9 a.m. EST | time | 9 a.m. EST | 09:00 EST |
open 8AM-8PM ET | time | 8AM-8PM ET | 08:00..20:00 ET |
from 11-1 pm | time | 11-1 pm | 11:00..13:00 |
until noon | time | noon | 12:00 | until
within 3-5 business days | duration | 3-5 business days | 3..5 business day | within
10 to 15 working days | duration | 10 to 15 working days | 10..15 business day |
in twenty-one days | duration | twenty-one days | 21 day |
for one day | duration | one day | 1 day |
about an hour | duration | an hour | 1 hour | ~
a couple of weeks ago | duration | a couple of weeks | couple week | ago
half an hour | duration | half an hour | 0.5 hour |
takes 2h30 | duration | 2h30 | 2 hour 30 minute |
a 30-day trial | duration | 30-day | 30 day |
we are here 24/7 | duration | 24/7 | 24/7 |
It may take a second. | duration | a second | 1 second |
billed monthly | duration | monthly | per month |
10x20 cm | quantity | 10x20 cm | 10x20 cm |
at 20 °C | quantity | 20 °C | 20 °C |
up to 5 GB | quantity | 5 GB | 5 GB | <=
press it twice | quantity | twice | 2 times |
two or three items | number | two or three | 2..3 |
two items | number | two | 2 |
Press two three to go on | number | three | 3 |
over 1,200 users | number | 1,200 | 1200 | >
half of it | number | half | 0.5 |
a ratio of 16:9 | number | 16:9 | 16:9 |
your second attempt | ordinal | second | 2 |
A second attempt failed | ordinal | second | 2 |
the 3rd attempt | ordinal | 3rd | 3 |
Order #12345 shipped | identifier | #12345 | 12345 |
order number 555-123-4567 | identifier | 555-123-4567 | 555-123-4567 |
invoice INV-2024-001 | identifier | INV-2024-001 | INV-2024-001 |
parcel 1Z999AA10123456784 | identifier | 1Z999AA10123456784 | 1Z999AA10123456784 |
to DE89 3704 0044 0532 0130 00 | identifier | DE89 3704 0044 0532 0130 00 | DE89370400440532013000 |
card 4111 1111 1111 1111 | identifier | 4111 1111 1111 1111 | 4111111111111111 |
ending in 4242 | identifier | 4242 | 4242 |
error 404 | identifier | 404 | 404 |
code 0x80070005 | identifier | 0x80070005 | 0x80070005 |
at 192.168.0.1 | identifier | 192.168.0.1 | 192.168.0.1 |
No. 5 | identifier | 5 | 5 |
update to v2.3.1 | version | v2.3.1 | 2.3.1 |
on version 2.3 | version | 2.3 | 2.3 |
on iOS 17.2. | version | 17.2 | 17.2 |
See https://Example.com/a_(b). | url | https://Example.com/a_(b) | example.com/a_(b) |
go to example.com, please | url | example.com | example.com |
write to Foo.Bar@Example.com. | email | Foo.Bar@Example.com | foo.bar@example.com |
call +44 20 7946 0958 | phone | +44 20 7946 0958 | +442079460958 |
call (555) 123-4567 | phone | (555) 123-4567 | 5551234567 |
1-800-435-9792 is free | phone | 1-800-435-9792 | 18004359792 |
at 12 Elm Street, Troy, NY 12180 | address | 12 Elm Street, Troy, NY 12180 | 12 elm street troy ny 12180 |
to SW1A 1AA | address | SW1A 1AA | SW1A 1AA |
open invoice.pdf | file | invoice.pdf | invoice.pdf |
in C:\\temp\\x.log | file | C:\\temp\\x.log | C:\\temp\\x.log |
in /usr/local/bin. | file | /usr/local/bin | /usr/local/bin |
run `rm -rf` | code | `rm -rf` | rm -rf |
the iPhone 15 Pro | product | iPhone 15 Pro | iphone 15 pro |
during COVID-19 | product | COVID-19 | covid-19 |
Dear {{ticket.name}} | placeholder | {{ticket.name}} | {{ticket.name}} |
Dear [Name] | placeholder | [Name] | [Name] |
Hi %name% | placeholder | %name% | %name% |
You get 5-10 dollars back | amount | 5-10 dollars | $ 5..10 |
as low as $5 a month | amount | $5 a month | $ 5 /month | >=
starting from $9.99 | amount | $9.99 | $ 9.99 | >=
not to exceed $50 | amount | $50 | $ 50 | <=
up by 2 percentage points | quantity | 2 percentage points | 2 pp |
10 million rows | number | 10 million | 10000000 |
5k users | number | 5k | 5000 |
a call next Fri | date | next Fri | next fri |
on 3/3 | date | 3/3 | --03-03 |
mid-March at the latest | date | March | --03 | mid by
by the end of May | date | May | --05 | by end
early next week | date | next week | next week | early
Monday at the earliest | date | Monday | mon | not before
at half past two | time | half past two | 02:30 |
at a quarter to three pm | time | a quarter to three pm | 14:45 |
one and a half hours | duration | one and a half hours | 1.5 hour |
about a week and a half | duration | a week and a half | 1.5 week | ~
1h 30m | duration | 1h 30m | 1 hour 30 minute |
takes 2½ hours | duration | 2½ hours | 2.5 hour |
for 1 1/2 days | duration | 1 1/2 days | 1.5 day |
at ½ price | number | ½ | 0.5 |
tracking number 9400 1000 0000 0000 0000 00 | identifier | 9400 1000 0000 0000 0000 00 | 9400100000000000000000 |
parcel 1Z 999 AA1 01 2345 6784 | identifier | 1Z 999 AA1 01 2345 6784 | 1Z999AA10123456784 |
Visa •••• 4242 | identifier | •••• 4242 | 4242 |
the card xxxx-4242 | identifier | xxxx-4242 | 4242 |
it says ERR_CONNECTION_RESET | identifier | ERR_CONNECTION_RESET | ERR_CONNECTION_RESET |
see README.md | file | README.md | README.md |
""",
    "es": """
1.200,50 € de reembolso | amount | 1.200,50 € | EUR 1200.5 |
10 € al mes | amount | 10 € al mes | EUR 10 /month |
treinta y cinco euros | amount | treinta y cinco euros | EUR 35 |
el 3 de marzo de 2024 | date | 3 de marzo de 2024 | 2024-03-03 |
antes del viernes. | date | viernes | fri | before
a más tardar el 1 de abril. | date | 1 de abril | --04-01 | by
pasado mañana | date | pasado mañana | +2d |
a las 14:30 | time | 14:30 | 14:30 |
a las 5 p. m. | time | 5 p. m. | 17:00 |
de 3 a 5 días hábiles | duration | 3 a 5 días hábiles | 3..5 business day |
dentro de dos semanas | duration | dos semanas | 2 week | within
pedido n.º 12345 | identifier | 12345 | 12345 |
Calle Mayor 5, 28013 Madrid | address | Calle Mayor 5, 28013 Madrid | calle mayor 5 28013 madrid |
hasta 20 % | percentage | 20 % | 20 | <=
son 49,- € | amount | 49,- € | EUR 49 |
a mediados de marzo. | date | marzo | --03 | mid
el día 3. | date | día 3 | ---03 |
hace 3 días | duration | 3 días | 3 day | ago
a las dos y media | time | dos y media | 02:30 |
una hora y media | duration | una hora y media | 1.5 hour |
desde 9,99 € | amount | 9,99 € | EUR 9.99 | >=
""",
    "fr": """
1 200,50 € remboursés | amount | 1 200,50 € | EUR 1200.5 |
quatre-vingt-dix-sept euros | amount | quatre-vingt-dix-sept euros | EUR 97 |
le 3 mars 2024 | date | 3 mars 2024 | 2024-03-03 |
au plus tard le 1er avril. | date | 1er avril | --04-01 | by
la semaine prochaine | date | la semaine prochaine | next week |
à 14h30 | time | 14h30 | 14:30 |
à 14 h | time | 14 h | 14:00 |
sous 24 h | duration | 24 h | 24 hour | within
3 à 5 jours ouvrés | duration | 3 à 5 jours ouvrés | 3..5 business day |
vingt et un jours | duration | vingt et un jours | 21 day |
deux fois | quantity | deux fois | 2 times |
commande n° 12345 | identifier | 12345 | 12345 |
12 rue de la Paix, 75002 Paris | address | 12 rue de la Paix, 75002 Paris | 12 rue de la paix 75002 paris |
Tél. 01 42 68 53 00 | phone | 01 42 68 53 00 | 0142685300 |
49€90 au total | amount | 49€90 | EUR 49.9 |
fin avril | date | avril | --04 | end
à la mi-mars 2024 | date | mars 2024 | 2024-03 | mid
du lundi au vendredi | date | lundi au vendredi | mon..fri |
à deux heures et demie | time | deux heures et demie | 02:30 |
pendant deux heures et demie | duration | deux heures et demie | 2.5 hour |
il y a 3 jours | duration | 3 jours | 3 day | ago
au 06.12.34.56.78 | phone | 06.12.34.56.78 | 0612345678 |
""",
    "de": """
1.200,50 € erstattet | amount | 1.200,50 € | EUR 1200.5 |
1,5 Mio. Euro | amount | 1,5 Mio. Euro | EUR 1500000 |
fünfunddreißig Euro | amount | fünfunddreißig Euro | EUR 35 |
am 3. März 2024 | date | 3. März 2024 | 2024-03-03 |
am 03.04. | date | 03.04. | --04-03 |
spätestens am 1. April. | date | 1. April | --04-01 | by
nächste Woche | date | nächste Woche | next week |
um 14 Uhr | time | 14 Uhr | 14:00 |
14.30 Uhr | time | 14.30 Uhr | 14:30 |
3-5 Werktage | duration | 3-5 Werktage | 3..5 business day |
innerhalb von 24 Stunden | duration | 24 Stunden | 24 hour | within
zwei oder drei Wochen | duration | zwei oder drei Wochen | 2..3 week |
einundzwanzig Tage | duration | einundzwanzig Tage | 21 day |
Bestellung Nr. 12345 | identifier | 12345 | 12345 |
Musterstraße 5, 10115 Berlin | address | Musterstraße 5, 10115 Berlin | musterstraße 5 10115 berlin |
bis zu 20 % | percentage | 20 % | 20 | <=
49,- € Gebühr | amount | 49,- € | EUR 49 |
ab 9,99 € | amount | 9,99 € | EUR 9.99 | >=
bis Ende April. | date | April | --04 | until end
um halb drei | time | halb drei | 02:30 |
um Viertel nach zwei | time | Viertel nach zwei | 02:15 |
10 Millionen Nutzer | number | 10 Millionen | 10000000 |
Karte mit den Endziffern 4242 | identifier | 4242 | 4242 |
unter +49 (0)30 1234567 | phone | +49 (0)30 1234567 | +49301234567 |
""",
    "pt": """
R$ 1.200,50 devolvidos | amount | R$ 1.200,50 | BRL 1200.5 |
em 3 de março de 2024 | date | 3 de março de 2024 | 2024-03-03 |
até sexta-feira | date | sexta-feira | fri | until
no próximo mês | date | no próximo mês | next month |
às 14h30 | time | 14h30 | 14:30 |
em até 24 horas | duration | 24 horas | 24 hour | within
3 a 5 dias úteis | duration | 3 a 5 dias úteis | 3..5 business day |
vinte e um dias | duration | vinte e um dias | 21 day |
pedido nº 12345 | identifier | 12345 | 12345 |
telefone (11) 91234-5678 | phone | (11) 91234-5678 | 11912345678 |
das 9h às 17h | time | 9h às 17h | 09:00..17:00 |
antes das 12h | time | 12h | 12:00 | before
uma hora e meia | duration | uma hora e meia | 1.5 hour |
há 3 dias | duration | 3 dias | 3 day | ago
no final de abril | date | abril | --04 | end
na próxima sexta | date | na próxima sexta | next fri |
""",
    "it": """
1.200,50 € rimborsati | amount | 1.200,50 € | EUR 1200.5 |
trentacinque euro | amount | trentacinque euro | EUR 35 |
il 3 marzo 2024 | date | 3 marzo 2024 | 2024-03-03 |
al più tardi il 1º aprile. | date | 1º aprile | --04-01 | by
venerdì prossimo | date | venerdì prossimo | next fri |
alle ore 14 | time | 14 | 14:00 |
entro 24 ore | duration | 24 ore | 24 hour | within
3 a 5 giorni lavorativi | duration | 3 a 5 giorni lavorativi | 3..5 business day |
ventuno giorni | duration | ventuno giorni | 21 day |
ordine n. 12345 | identifier | 12345 | 12345 |
Via Roma 5, 00184 Roma | address | Via Roma 5, 00184 Roma | via roma 5 00184 roma |
alle due e mezza | time | due e mezza | 02:30 |
alle 14.30 | time | 14.30 | 14:30 |
prima delle 12 | time | 12 | 12:00 | before
dalle 9 alle 17 | time | 9 alle 17 | 09:00..17:00 |
un'ora e mezza | duration | un'ora e mezza | 1.5 hour |
entro venerdì. | date | venerdì | fri | by
a fine aprile | date | aprile | --04 | end
""",
    "nl": """
€ 1.200,50 terugbetaald | amount | € 1.200,50 | EUR 1200.5 |
vijfendertig euro | amount | vijfendertig euro | EUR 35 |
op 3 maart 2024 | date | 3 maart 2024 | 2024-03-03 |
uiterlijk op 1 april. | date | 1 april | --04-01 | by
volgende week | date | volgende week | next week |
om 14.30 uur | time | 14.30 uur | 14:30 |
binnen 24 uur | duration | 24 uur | 24 hour | within
3 tot 5 werkdagen | duration | 3 tot 5 werkdagen | 3..5 business day |
eenentwintig dagen | duration | eenentwintig dagen | 21 day |
Bestelnummer 12345 | identifier | 12345 | 12345 |
Kalverstraat 5, 1012 AB Amsterdam | address | Kalverstraat 5, 1012 AB Amsterdam | kalverstraat 5 1012 ab amsterdam |
49,- euro | amount | 49,- euro | EUR 49 |
om half drie | time | half drie | 02:30 |
om kwart over twee | time | kwart over twee | 02:15 |
van 9.00-17.00 uur | time | 9.00-17.00 uur | 09:00..17:00 |
eind april | date | april | --04 | end
vanaf € 9,99 | amount | € 9,99 | EUR 9.99 | >=
""",
    "ja": """
１,２００円の返金 | amount | １,２００円 | JPY 1200 |
1万円以下 | amount | 1万円 | JPY 10000 | <=
3月3日（月）に発送 | date | 3月3日（月） | --03-03 mon |
2024年3月3日です | date | 2024年3月3日 | 2024-03-03 |
明日までに連絡 | date | 明日 | +1d | by
来週の金曜日 | date | 来週の金曜日 | next fri |
三月三日 | date | 三月三日 | --03-03 |
午後2時に処理 | time | 午後2時 | 14:00 |
１４時３０分 | time | １４時３０分 | 14:30 |
3〜5営業日以内 | duration | 3〜5営業日 | 3..5 business day | within
三日以内 | duration | 三日 | 3 day | within
約2週間 | duration | 2週間 | 2 week | ~
2時間かかる | duration | 2時間 | 2 hour |
2個です | quantity | 2個 | 2 piece |
ご注文番号12345です | identifier | 12345 | 12345 |
a@b.co.jpまで | email | a@b.co.jp | a@b.co.jp |
www.example.co.jpをご覧 | url | www.example.co.jp | www.example.co.jp |
1万5千円です | amount | 1万5千円 | JPY 15000 |
￥500です | amount | ￥500 | JPY 500 |
1時間半かかる | duration | 1時間半 | 1.5 hour |
3月上旬に発送 | date | 3月 | --03 | early
10時以降に | time | 10時 | 10:00 | since
第3四半期 | date | 第3四半期 | Q3 |
1000万件 | number | 1000万 | 10000000 |
電話 03(1234)5678 | phone | 03(1234)5678 | 0312345678 |
""",
}

# Looks like this kind of fact and is none of it.
NEAR = """
en | It may take longer | date
en | He sat down | date
en | We march on | date
en | the sun is up | date
en | Mar the finish | date
en | the one you chose | number
en | one another | number
en | A second attempt failed | duration
en | This is 3D | duration
en | you.It works | url
en | e.g. this or i.e. that | url
en | Open report.pdf | url
en | order number 555-123-4567 | phone
en | Please try 5 items | amount
en | the rule of 3 people on the road | address
en | will you come | name
en | 24/7 support | date
en | version 2.3.1 | date
en | a ratio of 16:9 | time
en | We want $3 days | time
de | Guten Morgen | date
de | ein Kunde schreibt | number
es | el mar es azul | date
es | una vez que llegue | number
fr | du mar à la mer | date
fr | un client écrit | number
fr | il est 5 ans | time
it | sei sicuro | number
pt | uma vez que chegue | number
nl | een klant schrijft | number
ja | 十分です | number
ja | 一番よい | number
ja | 一緒に | number
en | The third party refused | ordinal
en | Turn on two-factor authentication | number
en | We have two and a half of them | duration
en | this sat on the shelf | date
en | the half past it | time
en | we saw 12 errors | identifier
en | **1200** users | identifier
en | * 4242 users | identifier
en | 3 mid-size boxes | date
de | die halbe Stunde drei | time
de | zum ersten Mal | ordinal
es | dos y media docena | time
fr | une fois que c'est fait | quantity
fr | 1.2.3 est sorti | phone
it | in primo luogo | ordinal
it | le 10 fatture | time
nl | een keer proberen | quantity
pt | em primeiro lugar | ordinal
ja | 第1回 | date
ja | 半分 | duration
"""

# No fact at all.
FALSE = """
en | Thank you for reaching out to us, and please let us know if anything else comes up.
en | 1. Open the app
en | I may be late, but no one will mind.
en | We're happy to help.
de | Vielen Dank für Ihre Nachricht, wir kümmern uns darum.
es | Gracias por escribirnos, con gusto le ayudamos.
fr | Merci de nous avoir écrit, nous allons vous aider.
it | Grazie per averci scritto, saremo lieti di aiutarla.
pt | Obrigado por nos escrever, teremos prazer em ajudar.
nl | Bedankt voor uw bericht, we helpen u graag verder.
ja | お問い合わせいただきありがとうございます。
en | Third parties, first-class, one by one, second to none: on the one hand, in the first place.
de | Zum ersten Mal auf einmal, und noch einmal.
ja | 一人一人のお客様に、第三者
"""

SAME = """
en | $1,200 | $1,200.00
en | $5 | 5 dollars
en | 5 EUR | €5
en | $20-$30 | $20 to $30
en | between 3 and 5 days | 3-5 days
en | 3 March | March 3
en | March 3rd, 2024 | 2024-03-03
en | 2 pm | 14:00
en | 2 p.m. | 2:00 PM
en | two items | 2 items
en | three days | 3 days
en | 3 working days | 3 business days
en | up to $20 | at most $20
en | first | 1st
en | #12345 | order number 12345
en | v2.3 | version 2.3
en | 15% | 15 percent
en | 30 mins | 30 minutes
en | 1.50 kg | 1.5 kg
en | https://example.com/ | example.com
de | 3. März | 3.3.
de | bis zu 20 € | höchstens 20 Euro
fr | 1 200 € | 1200 euros
fr | 14h30 | 14:30
es | dos días | 2 días
it | ventuno giorni | 21 giorni
nl | € 5 | 5 euro
pt | R$ 5 | 5 reais
ja | ３日 | 三日
en | 5-10 dollars | $5-$10
en | 10 million | 10,000,000
en | 5k | 5,000
en | at half past two | at 2:30
en | 2:30 pm | 14:30
en | half past two pm | 2:30 pm
en | one and a half hours | 1.5 hours
en | an hour and a half | 1.5 hours
en | 2½ hours | two and a half hours
en | 3/4 of it | three quarters of it
en | 3/3/2024 | March 3, 2024
en | next Fri | next Friday
en | by the end of May | by end of May
en | card ending in 4242 | **** 4242
en | error 404 | a 404 error
en | tracking number 9400 1000 0000 | tracking number 940010000000
en | by Friday | no later than Friday
de | um halb drei | um 2:30 Uhr
de | 49,- € | 49 Euro
de | bis 3. Mai | bis zum 3. Mai
de | +49 (0)30 1234567 | +49 30 1234567
fr | 49€90 | 49,90 €
fr | du lundi au vendredi | lundi à vendredi
fr | fin avril | à la fin d'avril
es | a las dos y media | a las 2:30
it | entro venerdì | entro il venerdì
it | alle 14.30 | alle 14:30
pt | até 3 de maio | até o dia 3 de maio
nl | om half drie | om 2.30 uur
ja | 1万5千円 | 15,000円
ja | ￥500 | 500円
"""

DIFFERENT = """
en | 03/04 | 04/03
en | $5 | USD 5
en | $5 | €5
en | $49.99 | $49.90
en | 2 pm | 2 am
en | 2 pm EST | 2 pm PST
en | 3 days | 3 business days
en | 3 days | 3 weeks
en | within 3 days | after 3 days
en | up to $20 | at least $20
en | up to $20 | $20
en | by Friday | after Friday
en | tomorrow | today
en | $10 per month | $10 per year
en | 5 MB | 5 GB
en | $20-$30 | $20-$35
en | #12345 | #12354
en | https://example.com/a | https://example.com/A
de | 1,200 kg | 1.200 kg
en | early next week | next week
en | mid-March | late March
en | by the end of May | by the beginning of May
en | half past two | half past three
en | quarter to three | quarter past three
en | an hour and a half | an hour
en | 2½ hours | 2 hours
en | 1/2 cup | 1/3 cup
en | 10 million | 10 billion
en | $5-10 | $5-15
en | $-5 | $5
en | ending in 4242 | ending in 4224
en | Monday at the earliest | Monday at the latest
en | next Fri | this Fri
de | Mitte März | Ende März
fr | il y a 3 jours | dans les 3 jours
ja | 3月上旬 | 3月下旬
"""


def rows(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split(" | ")] for line in table.strip().splitlines()]


def true_rows() -> list[tuple[str, str, str, str, str, str]]:
    return [
        (language, *[cell.strip() for cell in (line + " ").split(" |")][:5])  # type: ignore[misc]
        for language, table in TRUE.items()
        for line in table.strip().splitlines()
    ]


@pytest.mark.parametrize(("language", "text", "kind", "span", "value", "scope"), true_rows())
def test_a_true_example_is_found_with_its_span_value_and_scope(language, text, kind, span, value, scope):
    found = [(fact.kind, fact.text, fact.value, fact.scope) for fact in facts.find(text, language)]
    assert (kind, span, value, scope) in found


@pytest.mark.parametrize(("language", "text", "kind"), rows(NEAR))
def test_a_near_example_is_not_taken_for_that_kind(language, text, kind):
    assert kind not in {fact.kind for fact in facts.find(text, language, names=["Will Smith"])}


@pytest.mark.parametrize(("language", "text"), rows(FALSE))
def test_a_text_without_facts_holds_none(language, text):
    assert facts.find(text, language) == ()


@pytest.mark.parametrize(("language", "one", "other"), rows(SAME))
def test_the_same_value_in_another_form_is_the_same_fact(language, one, other):
    (first,), (second,) = facts.find(one, language), facts.find(other, language)
    assert facts.same(first, second)


@pytest.mark.parametrize(("language", "one", "other"), rows(DIFFERENT))
def test_another_value_unit_zone_or_scope_is_another_fact(language, one, other):
    (first,), (second,) = facts.find(one, language), facts.find(other, language)
    assert not facts.same(first, second)


def test_names_are_found_whole_in_part_and_possessive_but_not_inside_words():
    found = facts.find(
        "Ana's note for ana garcía: Anabel and Will will call.", "en", names=["Ana García", "Will Poe"]
    )
    assert [(fact.text, fact.kind) for fact in found] == [("Ana", "name"), ("ana garcía", "name"), ("Will", "name")]


def test_a_name_is_found_where_words_are_not_set_apart():
    assert [fact.text for fact in facts.find("田中様、こんにちは", "ja", names=["田中 太郎"])] == ["田中"]


def test_products_that_are_given_are_found_in_any_case():
    found = facts.find("The acme cloud plan", "en", products=["Acme Cloud"])
    assert [(fact.text, fact.kind, fact.value) for fact in found] == [("acme cloud", "product", "acme cloud")]


def test_offsets_point_into_the_text_as_it_was_given():
    text = "Pay $1\u200b,200 or ٣ items, or １２ kg by\u00a0March\u202f3."
    for fact in facts.find(text, "en"):
        assert text[fact.start : fact.end] == fact.text
    assert [fact.value for fact in facts.find(text, "en")] == ["$ 1200", "3", "12 kg", "--03-03"]


def test_list_markers_are_not_facts_but_the_numbers_after_them_are():
    found = facts.find("1. Open the app\n2) Wait 3 minutes", "en")
    assert [fact.text for fact in found] == ["3 minutes"]


def test_a_language_without_a_lexicon_still_has_its_signs_and_its_months():
    kinds = {fact.kind for fact in facts.find("Zapłata 49,99 zł do 3 marca 2024, faktura FV-2024-001", "pl")}
    assert {"amount", "date", "identifier"} <= kinds


@pytest.mark.parametrize("language", lexicon.languages("facts"))
def test_every_number_word_of_a_lexicon_can_be_read(language):
    words = values.words(language)
    if words.number_parts:  # parts of words need not be words
        return
    unread = [word for word in words.number_words if not (words.vague.get(word) or values.spelled(word, language))]
    # plural forms count only after another number
    assert set(unread) <= {"millones", "milhões", "cents", "vingts", "millions", "milliards", "億", "万", "uno"}


@pytest.mark.parametrize("language", lexicon.languages("facts"))
def test_every_phrase_of_a_lexicon_is_lower_case_and_trimmed(language):
    words = values.words(language)
    for name in words.__dataclass_fields__:
        if name == "regions" or isinstance(content := getattr(words, name), str | bool):
            continue
        for phrase in content:
            assert phrase == phrase.lower().strip(), (name, phrase)


def test_the_shipped_languages_have_their_words():
    assert set(lexicon.languages("facts")) == {"de", "en", "es", "fr", "it", "ja", "nl", "pt"}


PATHOLOGICAL = [
    "1", "1,", "1 ", "1. ", "5% ", "1-", "$1 ", "a.", "a@a.", "http://", "(", "[[", "{{", "%a", "-", "`", "one-",
    "one hundred and ", "1/2/", "3h ", "A-1-", "+1 ", "4111 ", "DE89 ", "12 Elm ", "\u200b", "٣", "rue de la ",
]  # fmt: skip


@pytest.mark.parametrize("piece", PATHOLOGICAL)
def test_no_pattern_runs_away(piece):
    """Four times the text may cost four times the time, sealing included; what is quadratic costs sixteen."""

    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        start = time.process_time()
        found = facts.find(text, "en")
        sentence = Sentence(1, text, (), 0, len(text), 0, found)
        seal_draft(Document(text, False, "en", (), (sentence,)), "key")
        return time.process_time() - start

    facts.find("1 x", "en")
    assert seconds(40_000) < max(seconds(10_000) * 8, 1)


def test_a_reply_costs_less_than_three_milliseconds():
    reply = (
        "Hi Ana, your refund of $49.99 was issued on March 3 and takes 3-5 business days. Order #12345 "
        "ships by Friday at 2 pm EST. If you need anything else, please call us, or visit "
        "https://example.com/help for the steps."
    )
    facts.find(reply, "en", names=("Ana Garcia",))
    spent = []
    for _ in range(21):
        start = time.process_time()
        facts.find(reply, "en", names=("Ana Garcia",))
        spent.append(time.process_time() - start)
    assert statistics.median(spent) < 0.003


def test_a_reason_is_no_comparison():
    (two,) = facts.find("Your order was late since two drivers were ill.", "en")
    (nine,) = facts.find("Starting from $9 you can book.", "en")
    assert (two.value, two.scope) == ("2", "")
    assert nine.scope == ">="


@pytest.mark.parametrize(
    ("name", "language", "text", "found"),
    [
        ("meneer De Wit", "nl", "De monteur van De Wit, meneer de Wit.", ["Wit", "meneer de Wit"]),
        ("Al Bin Said", "en", "Hi Al, the bin of Said.", ["Al", "Said"]),
        ("Ana Maria  Silva", "pt", "A Ana Maria Silva e a Maria.", ["Ana Maria Silva", "Maria"]),
        ("Ana Silva", "en", "Banana for ANA, Ana's silvan Silva-Ana_", ["ANA", "Ana", "Silva"]),
        ("Will Grace", "en", "Will will call Grace with grace.", ["Will", "Grace"]),
        ("佐藤 花子", "ja", "佐藤様、花子さん", ["佐藤", "花子"]),
    ],
)
def test_a_name_is_found_with_its_parts_and_not_by_its_particles(name, language, text, found):
    assert [fact.text for fact in facts.find(text, language, names=(name,)) if fact.kind == "name"] == found
