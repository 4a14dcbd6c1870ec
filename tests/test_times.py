"""The times a text names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ownmind.memory.times import Mention, in_words, mentions, named
from ownmind.messages import Integrity, Item, Kind, Label, Source

ZONE = timezone(timedelta(hours=1))
SAID = datetime(2026, 11, 18, 15, 30, tzinfo=ZONE)  # a Wednesday

# What is said, the words that name the time, from when, until when, how closely.
NAMED = [
    ("I moved house today", "today", "2026-11-18T00:00", "2026-11-19T00:00", "day"),
    ("Rain all day yesterday", "yesterday", "2026-11-17T00:00", "2026-11-18T00:00", "day"),
    ("See you tomorrow", "tomorrow", "2026-11-19T00:00", "2026-11-20T00:00", "day"),
    ("We met the day before yesterday", "the day before yesterday", "2026-11-16T00:00", "2026-11-17T00:00", "day"),
    ("The test is the day after tomorrow", "the day after tomorrow", "2026-11-20T00:00", "2026-11-21T00:00", "day"),
    ("I slept badly last night", "last night", "2026-11-17T18:00", "2026-11-18T06:00", "hour"),
    ("Shall we dance tonight?", "tonight", "2026-11-18T18:00", "2026-11-19T06:00", "hour"),
    ("I saw him this morning", "this morning", "2026-11-18T05:00", "2026-11-18T12:00", "hour"),
    ("We leave this afternoon", "this afternoon", "2026-11-18T12:00", "2026-11-18T18:00", "hour"),
    ("Earlier today she called", "Earlier today", "2026-11-18T00:00", "2026-11-18T15:30", "hour"),
    ("The other day I saw a fox", "The other day", "2026-11-10T00:00", "2026-11-17T00:00", "week"),
    ("We met last Friday", "last Friday", "2026-11-13T00:00", "2026-11-14T00:00", "day"),
    ("See you next Friday", "next Friday", "2026-11-20T00:00", "2026-11-21T00:00", "day"),
    ("The party is this Friday", "this Friday", "2026-11-20T00:00", "2026-11-21T00:00", "day"),
    ("This Monday we talked for hours", "This Monday", "2026-11-16T00:00", "2026-11-17T00:00", "day"),
    ("I met Ana on Saturday", "Saturday", "2026-11-14T00:00", "2026-11-15T00:00", "day"),
    ("I am seeing Ana on Saturday", "Saturday", "2026-11-21T00:00", "2026-11-22T00:00", "day"),
    ("The dentist is on Tuesday", "Tuesday", "2026-11-24T00:00", "2026-11-25T00:00", "day"),
    ("I'll be there by Thursday", "Thursday", "2026-11-19T00:00", "2026-11-20T00:00", "day"),
    ("Call me before Friday", "Friday", "2026-11-20T00:00", "2026-11-21T00:00", "day"),
    ("We were there until Sunday", "Sunday", "2026-11-15T00:00", "2026-11-16T00:00", "day"),
    ("The meeting was moved to Monday", "Monday", "2026-11-23T00:00", "2026-11-24T00:00", "day"),
    ("I have been ill since Sunday", "since Sunday", "2026-11-15T00:00", "2026-11-18T15:30", "day"),
    ("We danced on Friday night", "Friday night", "2026-11-13T18:00", "2026-11-14T06:00", "hour"),
    ("Dinner on Saturday?", "Saturday", "2026-11-21T00:00", "2026-11-22T00:00", "day"),
    ("We're meeting Friday at 7pm", "Friday at 7pm", "2026-11-20T19:00", "2026-11-20T19:01", "minute"),
    ("I ran ten miles Sunday.", "Sunday", "2026-11-15T00:00", "2026-11-16T00:00", "day"),
    ("Thanks for Sunday!", "Sunday", "2026-11-15T00:00", "2026-11-16T00:00", "day"),
    ("The Friday after next we fly", "The Friday after next", "2026-11-27T00:00", "2026-11-28T00:00", "day"),
    ("We talked the Friday before last", "the Friday before last", "2026-11-06T00:00", "2026-11-07T00:00", "day"),
    ("Two Fridays ago it snowed", "Two Fridays ago", "2026-11-06T00:00", "2026-11-07T00:00", "day"),
    ("I start a week on Monday", "a week on Monday", "2026-11-30T00:00", "2026-12-01T00:00", "day"),
    ("I start Monday week", "Monday week", "2026-11-30T00:00", "2026-12-01T00:00", "day"),
    ("On Friday of last week we won", "Friday of last week", "2026-11-13T00:00", "2026-11-14T00:00", "day"),
    ("Last week on Tuesday we won", "Last week on Tuesday", "2026-11-10T00:00", "2026-11-11T00:00", "day"),
    ("We fly next week on Tuesday", "next week on Tuesday", "2026-11-24T00:00", "2026-11-25T00:00", "day"),
    ("I wrote to her last week", "last week", "2026-11-09T00:00", "2026-11-16T00:00", "week"),
    ("She leaves next week", "next week", "2026-11-23T00:00", "2026-11-30T00:00", "week"),
    ("It has rained this week", "this week", "2026-11-16T00:00", "2026-11-23T00:00", "week"),
    ("Earlier this week I fell", "Earlier this week", "2026-11-16T00:00", "2026-11-18T15:30", "week"),
    ("Later this month we move", "Later this month", "2026-11-18T15:30", "2026-12-01T00:00", "month"),
    ("We hiked last weekend", "last weekend", "2026-11-14T00:00", "2026-11-16T00:00", "day"),
    ("Next weekend we hike", "Next weekend", "2026-11-28T00:00", "2026-11-30T00:00", "day"),
    ("This weekend we hike", "This weekend", "2026-11-21T00:00", "2026-11-23T00:00", "day"),
    ("The weekend before last we hiked", "The weekend before last", "2026-11-07T00:00", "2026-11-09T00:00", "day"),
    ("I was promoted last month", "last month", "2026-10-01T00:00", "2026-11-01T00:00", "month"),
    ("The exam is next month", "next month", "2026-12-01T00:00", "2027-01-01T00:00", "month"),
    ("The year before last was hard", "The year before last", "2024-01-01T00:00", "2025-01-01T00:00", "year"),
    ("I graduated last year", "last year", "2025-01-01T00:00", "2026-01-01T00:00", "year"),
    ("We marry next year", "next year", "2027-01-01T00:00", "2028-01-01T00:00", "year"),
    ("Early next year we move", "Early next year", "2027-01-01T00:00", "2027-05-02T00:00", "season"),
    ("Late last year I quit", "Late last year", "2025-09-02T00:00", "2026-01-01T00:00", "season"),
    ("This time last year I was in Rome", "This time last year", "2025-11-15T00:00", "2025-11-22T00:00", "week"),
    ("I started two weeks ago", "two weeks ago", "2026-11-02T00:00", "2026-11-09T00:00", "week"),
    ("I started 3 days ago", "3 days ago", "2026-11-15T00:00", "2026-11-16T00:00", "day"),
    ("It broke a few days ago", "a few days ago", "2026-11-13T00:00", "2026-11-17T00:00", "week"),
    ("We met a couple of months ago", "a couple of months ago", "2026-09-01T00:00", "2026-10-01T00:00", "month"),
    ("We met several years ago", "several years ago", "2020-01-01T00:00", "2024-01-01T00:00", "year"),
    ("We met about ten years ago", "about ten years ago", "2016-01-01T00:00", "2017-01-01T00:00", "year"),
    ("We met over a year ago", "over a year ago", "2025-01-01T00:00", "2026-01-01T00:00", "year"),
    ("We met a decade ago", "a decade ago", "2010-01-01T00:00", "2020-01-01T00:00", "decade"),
    ("We met two or three weeks ago", "two or three weeks ago", "2026-10-26T00:00", "2026-11-09T00:00", "week"),
    ("We met a year and a half ago", "a year and a half ago", "2025-04-01T00:00", "2025-07-01T00:00", "season"),
    ("I saw her a week ago today", "a week ago today", "2026-11-11T00:00", "2026-11-12T00:00", "day"),
    ("I saw her an hour ago", "an hour ago", "2026-11-18T14:00", "2026-11-18T15:00", "hour"),
    ("I saw her half an hour ago", "half an hour ago", "2026-11-18T14:59", "2026-11-18T15:01", "minute"),
    ("I called 20 minutes ago", "20 minutes ago", "2026-11-18T15:09", "2026-11-18T15:11", "minute"),
    ("We leave in two weeks", "in two weeks", "2026-11-30T00:00", "2026-12-07T00:00", "week"),
    ("We leave in three days", "in three days", "2026-11-21T00:00", "2026-11-22T00:00", "day"),
    ("I'll be back in a month", "in a month", "2026-12-01T00:00", "2027-01-01T00:00", "month"),
    ("She is coming in a few weeks", "in a few weeks", "2026-11-30T00:00", "2026-12-28T00:00", "week"),
    ("We fly two weeks from now", "two weeks from now", "2026-11-30T00:00", "2026-12-07T00:00", "week"),
    ("We fly three days from today", "three days from today", "2026-11-21T00:00", "2026-11-22T00:00", "day"),
    ("I have slept badly for the last three days", "for the last three days", "2026-11-15T00:00", "2026-11-19T00:00", "week"),
    ("Over the past two weeks I ran a lot", "Over the past two weeks", "2026-11-04T00:00", "2026-11-19T00:00", "week"),
    ("In the last month I read six books", "In the last month", "2026-10-18T00:00", "2026-11-19T00:00", "month"),
    ("For the past year I have lived alone", "For the past year", "2025-11-18T00:00", "2026-11-19T00:00", "year"),
    ("The next two weeks will be busy", "The next two weeks", "2026-11-18T00:00", "2026-12-02T00:00", "week"),
    ("We moved in March", "March", "2026-03-01T00:00", "2026-04-01T00:00", "month"),
    ("We moved back in March", "March", "2026-03-01T00:00", "2026-04-01T00:00", "month"),
    ("The wedding is in June", "June", "2027-06-01T00:00", "2027-07-01T00:00", "month"),
    ("I'll start in January", "January", "2027-01-01T00:00", "2027-02-01T00:00", "month"),
    ("Since March I have felt better", "Since March", "2026-03-01T00:00", "2026-11-18T15:30", "month"),
    ("We moved in early March", "early March", "2026-03-01T00:00", "2026-03-11T00:00", "week"),
    ("It was hot in mid-June", "mid-June", "2026-06-11T00:00", "2026-06-21T00:00", "week"),
    ("At the end of March we moved", "the end of March", "2026-03-22T00:00", "2026-04-01T00:00", "week"),
    ("At the beginning of next month I start", "the beginning of next month", "2026-12-01T00:00", "2026-12-11T00:00", "week"),
    ("Last May we met", "Last May", "2026-05-01T00:00", "2026-06-01T00:00", "month"),
    ("Next May we marry", "Next May", "2027-05-01T00:00", "2027-06-01T00:00", "month"),
    ("We met in May of last year", "May of last year", "2025-05-01T00:00", "2025-06-01T00:00", "month"),
    ("We met in May 2023", "May 2023", "2023-05-01T00:00", "2023-06-01T00:00", "month"),
    ("We met in Sept. 2021", "Sept. 2021", "2021-09-01T00:00", "2021-10-01T00:00", "month"),
    ("We met in spring '19", "spring '19", "2019-03-01T00:00", "2019-06-01T00:00", "season"),
    ("I was born on 3 May 1990", "3 May 1990", "1990-05-03T00:00", "1990-05-04T00:00", "day"),
    ("I was born on May 3, 1990", "May 3, 1990", "1990-05-03T00:00", "1990-05-04T00:00", "day"),
    ("I was born on the 3rd of May, 1990", "the 3rd of May, 1990", "1990-05-03T00:00", "1990-05-04T00:00", "day"),
    ("I was born on May 3rd 1990", "May 3rd 1990", "1990-05-03T00:00", "1990-05-04T00:00", "day"),
    ("We married on Saturday, 12 April 2014", "Saturday, 12 April 2014", "2014-04-12T00:00", "2014-04-13T00:00", "day"),
    ("It happened on 2023-05-08", "2023-05-08", "2023-05-08T00:00", "2023-05-09T00:00", "day"),
    ("It happened on 2023-05-08T14:30", "2023-05-08T14:30", "2023-05-08T14:30", "2023-05-08T14:31", "minute"),
    ("It happened on 08.05.2023", "08.05.2023", "2023-05-08T00:00", "2023-05-09T00:00", "day"),
    ("It happened on 25/12/2023", "25/12/2023", "2023-12-25T00:00", "2023-12-26T00:00", "day"),
    ("It happened on 12/25/2023", "12/25/2023", "2023-12-25T00:00", "2023-12-26T00:00", "day"),
    ("It happened on 5/5/2020", "5/5/2020", "2020-05-05T00:00", "2020-05-06T00:00", "day"),
    ("We arrived on 12 April", "12 April", "2026-04-12T00:00", "2026-04-13T00:00", "day"),
    ("We arrive on 12 April", "12 April", "2027-04-12T00:00", "2027-04-13T00:00", "day"),
    ("Race day: 12 April", "12 April", "2027-04-12T00:00", "2027-04-13T00:00", "day"),
    ("We left on the 14th", "the 14th", "2026-11-14T00:00", "2026-11-15T00:00", "day"),
    ("Rent is due on the 1st", "the 1st", "2026-12-01T00:00", "2026-12-02T00:00", "day"),
    ("We moved in on the 3rd of last month", "the 3rd of last month", "2026-10-03T00:00", "2026-10-04T00:00", "day"),
    ("I start on the 14th of next month", "the 14th of next month", "2026-12-14T00:00", "2026-12-15T00:00", "day"),
    ("The wedding is on the 3rd of June at 7pm", "the 3rd of June at 7pm", "2027-06-03T19:00", "2027-06-03T19:01", "minute"),
    ("The train leaves tomorrow at 15:45", "tomorrow at 15:45", "2026-11-19T15:45", "2026-11-19T15:46", "minute"),
    ("Call me tonight at 8", "tonight at 8", "2026-11-18T20:00", "2026-11-18T20:01", "minute"),
    ("Call me tomorrow morning at 9", "tomorrow morning at 9", "2026-11-19T09:00", "2026-11-19T09:01", "minute"),
    ("Noon tomorrow works", "Noon tomorrow", "2026-11-19T12:00", "2026-11-19T12:01", "minute"),
    ("We met yesterday at noon", "yesterday at noon", "2026-11-17T12:00", "2026-11-17T12:01", "minute"),
    ("Yesterday morning I ran", "Yesterday morning", "2026-11-17T05:00", "2026-11-17T12:00", "hour"),
    ("On the evening of 5 May we sang", "the evening of 5 May", "2026-05-05T17:00", "2026-05-06T00:00", "hour"),
    ("She was born on 29 February 2024", "29 February 2024", "2024-02-29T00:00", "2024-03-01T00:00", "day"),
    ("The fair runs from 3 to 7 May", "from 3 to 7 May", "2027-05-03T00:00", "2027-05-08T00:00", "day"),
    ("The fair runs May 3-7", "May 3-7", "2027-05-03T00:00", "2027-05-08T00:00", "day"),
    ("We were away from 12 April to 3 May", "from 12 April to 3 May", "2026-04-12T00:00", "2026-05-04T00:00", "day"),
    ("12 April - 3 May 2023", "12 April - 3 May 2023", "2023-04-12T00:00", "2023-05-04T00:00", "day"),
    ("I was away between Monday and Friday", "between Monday and Friday", "2026-11-09T00:00", "2026-11-14T00:00", "day"),
    ("I will be away from Monday to Friday", "from Monday to Friday", "2026-11-23T00:00", "2026-11-28T00:00", "day"),
    ("I worked there from 2015 to 2018", "from 2015 to 2018", "2015-01-01T00:00", "2019-01-01T00:00", "year"),
    ("I worked there 2015-2018", "2015-2018", "2015-01-01T00:00", "2019-01-01T00:00", "year"),
    ("It was the week of 5 May", "the week of 5 May", "2026-05-04T00:00", "2026-05-11T00:00", "week"),
    ("It is in the second week of May 2027", "the second week of May 2027", "2027-05-08T00:00", "2027-05-15T00:00", "week"),
    ("The last Friday of May was fun", "The last Friday of May", "2026-05-29T00:00", "2026-05-30T00:00", "day"),
    ("We met on the first weekend of June 2023", "the first weekend of June 2023", "2023-06-03T00:00", "2023-06-05T00:00", "day"),
    ("Come on the first Monday of next month", "the first Monday of next month", "2026-12-07T00:00", "2026-12-08T00:00", "day"),
    ("I lived there in 2019", "2019", "2019-01-01T00:00", "2020-01-01T00:00", "year"),
    ("I have lived here since 2019", "since 2019", "2019-01-01T00:00", "2026-11-18T15:30", "year"),
    ("We met around 2004", "2004", "2004-01-01T00:00", "2005-01-01T00:00", "year"),
    ("Mid-2020 was strange", "Mid-2020", "2020-05-02T00:00", "2020-09-01T00:00", "season"),
    ("I grew up in the 90s", "90s", "1990-01-01T00:00", "2000-01-01T00:00", "decade"),
    ("I grew up in the eighties", "eighties", "1980-01-01T00:00", "1990-01-01T00:00", "decade"),
    ("It was built in the 1970s", "1970s", "1970-01-01T00:00", "1980-01-01T00:00", "decade"),
    ("Last summer was hot", "Last summer", "2026-06-01T00:00", "2026-09-01T00:00", "season"),
    ("Next spring we move", "Next spring", "2027-03-01T00:00", "2027-06-01T00:00", "season"),
    ("This summer we stayed home", "This summer", "2026-06-01T00:00", "2026-09-01T00:00", "season"),
    ("This winter I'll ski", "This winter", "2026-12-01T00:00", "2027-03-01T00:00", "season"),
    ("We met in the summer of 2019", "the summer of 2019", "2019-06-01T00:00", "2019-09-01T00:00", "season"),
    ("We met in winter 2020", "winter 2020", "2020-12-01T00:00", "2021-03-01T00:00", "season"),
    ("Two summers ago we met", "Two summers ago", "2025-06-01T00:00", "2025-09-01T00:00", "season"),
    ("The summer before last we met", "The summer before last", "2025-06-01T00:00", "2025-09-01T00:00", "season"),
    ("We went skiing in the winter", "winter", "2025-12-01T00:00", "2026-03-01T00:00", "season"),
    ("Last fall we hiked", "Last fall", "2025-09-01T00:00", "2025-12-01T00:00", "season"),
    ("We ate lamb at Easter", "Easter", "2026-04-05T00:00", "2026-04-06T00:00", "day"),
    ("Easter Monday 2024 was sunny", "Easter Monday 2024", "2024-04-01T00:00", "2024-04-02T00:00", "day"),
    ("What do you want for Christmas?", "Christmas", "2026-12-25T00:00", "2026-12-26T00:00", "day"),
    ("Last Christmas we had goose", "Last Christmas", "2025-12-25T00:00", "2025-12-26T00:00", "day"),
    ("We met on New Year's Eve", "New Year's Eve", "2025-12-31T00:00", "2026-01-01T00:00", "day"),
    ("I'll cook on Valentine's Day", "Valentine's Day", "2027-02-14T00:00", "2027-02-15T00:00", "day"),
    ("She was ill over Christmas 2022", "Christmas 2022", "2022-12-25T00:00", "2022-12-26T00:00", "day"),
    ("We dress up for Halloween next year", "Halloween next year", "2027-10-31T00:00", "2027-11-01T00:00", "day"),
    ("On Boxing Day we walked", "Boxing Day", "2025-12-26T00:00", "2025-12-27T00:00", "day"),
    ("Good Friday 2025 was rainy", "Good Friday 2025", "2025-04-18T00:00", "2025-04-19T00:00", "day"),
    ("The week before Christmas is full", "The week before Christmas", "2026-12-18T00:00", "2026-12-25T00:00", "week"),
    ("Two days before Christmas we fly", "Two days before Christmas", "2026-12-23T00:00", "2026-12-24T00:00", "day"),
    ("The weekend after Easter 2025 was wet", "The weekend after Easter 2025", "2025-04-26T00:00", "2025-04-28T00:00", "day"),
    ("A week from Friday I'm off", "A week from Friday", "2026-11-27T00:00", "2026-11-28T00:00", "day"),
    ("The day after Christmas we walked", "The day after Christmas", "2025-12-26T00:00", "2025-12-27T00:00", "day"),
    ("It happened on 31 June 2023", "June 2023", "2023-06-01T00:00", "2023-07-01T00:00", "month"),
]

SILENT = [
    "May I ask you something?",
    "You may go now",
    "This may be wrong",
    "May the fourth be with you",
    "The march was long",
    "They march on",
    "Left, right, march on the spot",
    "I sat on the sofa",
    "The sun is out",
    "She wed him",
    "I dec the halls",
    "April told me a secret",
    "I talked to April",
    "After June left we cried",
    "I sent it to August",
    "Sunday roast is the best",
    "We had Sunday brunch",
    "Swimming on Fridays",
    "I swim on Sunday mornings",
    "Every Friday we eat fish",
    "Each summer we go north",
    "I usually run on Monday",
    "I always see her in March",
    "Happy Friday!",
    "It's Friday!",
    "Black Friday sales",
    "The Friday prayers were long",
    "In summer the light is soft",
    "Fall in love",
    "I fall asleep early",
    "Spring onions and mint",
    "A spring in my step",
    "The winter coat is blue",
    "We were away for two weeks",
    "I have two weeks of leave",
    "It took three days",
    "A two-week holiday",
    "He is 12 years old",
    "Two years later we met again",
    "The next day we left",
    "Next day delivery costs more",
    "The next week was hard",
    "The last time I saw her",
    "The last day of school",
    "One day I will be rich",
    "Some day, maybe",
    "These days I am tired",
    "Years ago I smoked",
    "A while ago I smoked",
    "I will be there soon",
    "I finished the book in two days",
    "I read it in two weeks",
    "I run three times a week",
    "Five days a week",
    "Once a year we meet",
    "24/7 support",
    "It happened on 4/12/2023",
    "Add 1/2 cup of milk",
    "Version 3.5.2 is out",
    "Page 12",
    "Room 2019 is upstairs",
    "It costs 2019 euros",
    "In 2000 words or less",
    "I won 2000 dollars",
    "Call 555 2019 now",
    "The 14th floor",
    "I live on the 14th floor",
    "The 19th century",
    "Just a second",
    "On second thought",
    "For the third time",
    "At 7pm sharp",
    "The Christmas tree is up",
    "Christmas cookies",
    "I love Christmas markets",
    "Easter eggs",
    "New year, new me",
    "A new year's resolution",
    "We watched Last Christmas",
    'We listened to "Yesterday"',
    "He read The Day After Tomorrow",
    "Tomorrowland was fun",
    "Thanksgiving is my favourite",
    "On Mother's Day",
    "His eighties were kind",
    "It happened on 30 February",
    "The 32nd of May",
    "Chapter 3 to 7",
    "Twenty seconds",
    "Night shifts are hard",
    "Good morning!",
    "Good night",
    "The week has seven days",
    "How long is a week?",
    "A month of rain",
    "Weekend plans?",
    "Put it on the calendar",
    "Noon is noon",
]

WORDS = [words for text, words, *_ in NAMED] + SILENT


@pytest.mark.parametrize(("text", "words", "start", "end", "precision"), NAMED)
def test_a_phrase_names_its_stretch_of_time(text: str, words: str, start: str, end: str, precision: str) -> None:
    """Words for times resolve against the moment they were said, in its zone; the verbs say which way a bare date looks."""
    (found,) = mentions(text, SAID)
    assert text[found.span.start : found.span.end] == words
    assert (found.start, found.end, found.precision) == (_at(start), _at(end), precision)


@pytest.mark.parametrize("text", SILENT)
def test_what_only_looks_like_a_date_names_none(text: str) -> None:
    """Names, durations, habits, titles, numbers, and what could be one of two: none is better than an invented one."""
    assert mentions(text, SAID) == []


def test_a_text_names_several_times_in_its_own_order() -> None:
    """Each is found once, none inside another."""
    text = "We met last Friday, talked again two days ago, and in three weeks we fly; not on the 14th floor, but on 12 April 2027."
    found = mentions(text, SAID)
    assert [text[one.span.start : one.span.end] for one in found] == ["last Friday", "two days ago", "in three weeks", "12 April 2027"]


def test_the_same_words_mean_another_day_when_said_another_day() -> None:
    """ "Yesterday" belongs to its item, never to today."""
    assert _days("I ran yesterday", datetime(2023, 5, 8, 12, tzinfo=UTC)) == ("2023-05-07", "2023-05-08")


def test_without_the_moment_it_was_said_only_what_needs_none_is_found() -> None:
    """A text whose time nobody knows still names "May 2023"; its "yesterday" stays unresolved."""
    assert [one.start.date().isoformat() for one in mentions("Yesterday, on Friday, in May and in May 2023", None)] == ["2023-05-01"]


@pytest.mark.parametrize(
    ("text", "said", "days"),
    [
        ("a month ago", datetime(2026, 3, 31, tzinfo=UTC), ("2026-02-01", "2026-03-01")),
        ("a year ago", datetime(2024, 2, 29, tzinfo=UTC), ("2023-01-01", "2024-01-01")),
        ("on 29 February we met", datetime(2026, 5, 1, tzinfo=UTC), ("2024-02-29", "2024-03-01")),
        ("next month", datetime(2026, 12, 31, tzinfo=UTC), ("2027-01-01", "2027-02-01")),
        ("last winter", datetime(2027, 1, 15, tzinfo=UTC), ("2025-12-01", "2026-03-01")),
        ("this weekend was lovely", datetime(2026, 11, 23, 9, tzinfo=UTC), ("2026-11-21", "2026-11-23")),
        ("last weekend", datetime(2026, 11, 22, 9, tzinfo=UTC), ("2026-11-14", "2026-11-16")),
        ("Friday the 13th was fine, we met on Friday the 13th", datetime(2026, 11, 22, 9, tzinfo=UTC), ("2026-11-13", "2026-11-14")),
        ("at Easter we met", datetime(2000, 5, 1, tzinfo=UTC), ("2000-04-23", "2000-04-24")),
    ],
)
def test_months_leap_days_and_year_ends_are_counted_right(text: str, said: datetime, days: tuple[str, str]) -> None:
    """The edges of the calendar."""
    assert _days(text, said) == days


def test_a_day_is_a_day_where_the_clocks_change() -> None:
    """The day the clocks go back has 25 hours, and an hour is an hour."""
    paris = ZoneInfo("Europe/Paris")
    (found,) = mentions("it rained yesterday", datetime(2026, 10, 26, 12, tzinfo=paris))
    assert found.end.timestamp() - found.start.timestamp() == 25 * 3600
    (hour,) = mentions("I called 3 hours ago", datetime(2026, 10, 25, 4, tzinfo=paris))
    assert hour.start.timestamp() == datetime(2026, 10, 24, 23, 30, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("said", [datetime(1, 1, 1, 5, tzinfo=UTC), datetime(9999, 12, 31, 20, tzinfo=UTC), datetime(1, 1, 1, tzinfo=ZONE)])
def test_the_ends_of_time_bring_no_error(said: datetime) -> None:
    """A time outside the years 1 to 9999 is left out."""
    for words in WORDS:
        for one in mentions(words, said):
            assert one.start < one.end


@given(st.text(max_size=300), st.datetimes(timezones=st.sampled_from([UTC, ZONE, ZoneInfo("America/New_York")])))
def test_any_text_gives_spans_inside_it(text: str, said: datetime) -> None:
    """A law: spans lie in the text, in order, apart; no stretch is empty or runs backwards."""
    _lawful(text, mentions(text, said))


@given(
    st.lists(
        st.sampled_from([*WORDS, "and", "to", "until", "the week before", "since", "from", "early", "at 7pm", ",", ".", "5"]), max_size=8
    ),
    st.datetimes(timezones=st.sampled_from([UTC, ZoneInfo("Pacific/Auckland")])),
)
def test_any_mixture_of_phrases_is_read_without_an_error(words: list[str], said: datetime) -> None:
    """The same law for texts made of dates and the words around them."""
    text = " ".join(words)
    _lawful(text, mentions(text, said))


@given(
    st.sampled_from(["today", "yesterday", "last Friday", "next week", "two weeks ago", "in three days", "this weekend", "a few days ago"]),
    st.datetimes(min_value=datetime(1800, 1, 1), max_value=datetime(2400, 1, 1), timezones=st.just(UTC)),
    st.integers(-2000, 2000),
)
def test_said_a_week_later_is_meant_a_week_later(words: str, said: datetime, weeks: int) -> None:
    """A law: phrases counted in days and weeks move with the moment they were said."""
    shift = timedelta(weeks=weeks)
    (first,), (second,) = mentions(f"We go {words}", said), mentions(f"We go {words}", said + shift)
    assert (second.start - first.start, second.end - first.end) == (shift, shift)


@given(st.datetimes(min_value=datetime(1600, 1, 1), max_value=datetime(2099, 12, 31), timezones=st.just(ZONE)))
def test_a_stretch_written_out_is_read_back(at: datetime) -> None:
    """A law: what ``in_words`` writes names the same day."""
    start = at.replace(hour=0, minute=0, second=0, microsecond=0)
    for text in (in_words(start, start + timedelta(days=1), one.precision) for one in mentions("today", at)):
        (found,) = mentions(text, SAID)
        assert (found.start, found.end) == (start, start + timedelta(days=1))


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "12/", "yesterday ", "a few ", "20:", "5 May ", "in the last ", " ", "2019-", "from 3 to ", "the "]
)
def test_hostile_texts_are_read_in_bounded_time(piece: str) -> None:
    """A hundred thousand characters of almost-dates end, with a bounded number of mentions."""
    assert len(mentions(piece * (100_000 // len(piece)), SAID)) <= 200


def test_of_a_document_only_dates_with_their_year_are_kept() -> None:
    """A file's time is when it was saved: its "yesterday" is nobody's; the companion's own words name nothing."""
    text = "We met yesterday and on 5 May 2023."
    assert [len(named(_item(text, kind))) for kind in (Kind.NOTE, Kind.PASSAGE, Kind.REPLY)] == [2, 1, 0]


def _item(text: str, kind: Kind) -> Item:
    return Item("i1", text, Source("note:1"), Label(Integrity.PERSON), kind, SAID, "", "", 0, SAID)


def _lawful(text: str, found: list[Mention]) -> None:
    last = 0
    for one in found:
        assert last <= one.span.start < one.span.end <= len(text) and one.start < one.end and one.start.tzinfo is not None
        last = one.span.end


def _days(text: str, said: datetime) -> tuple[str, str]:
    found = mentions(text, said)[-1]
    return found.start.date().isoformat(), found.end.date().isoformat()


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)
