"""When things happen: offices work on working days, people speak whenever it suits them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from tipline.domain.calendars import Calendar
from tipline.domain.counting import DAY

MINUTE = timedelta(minutes=1)
OFFICE_HOURS = ((time(8, 35), time(11, 50)), (time(14, 35), time(17, 25)))
# How likely somebody speaks at each hour of the day, from midnight on; after work on the web.
SPEAKS = {
    "web": "421000122223332222335687",
    "sms": "000001356655543455665310",
    "telegram": "310000112222333322345676",
    "phone": "000000003665005542000000",
    "hotline": "000000003665005542000000",
}
OUTINGS = {"open": "000000037761013763100000", "undercover": "000000233320012223455300"}
WORKDAY, WEEKEND, HOLIDAY = 10, 5, 3


@dataclass(frozen=True)
class Hours:
    """Draws instants that look like life; the same dice draw the same ones."""

    dice: Random
    calendar: Calendar
    zone: ZoneInfo
    on_duty: bool = False  # somebody works through rest days as well

    def day_of(self, moment: datetime) -> date:
        """The local date."""
        return moment.astimezone(self.zone).date()

    def day_between(self, earliest: date, latest: date, *, by: str) -> date:
        """A day on which somebody speaks: fewer at weekends, the phone only when it is staffed."""
        days = [earliest + number * DAY for number in range((latest - earliest).days + 1)]
        staffed = [day for day in days if self.calendar.is_workday(day)]
        if by in ("phone", "hotline"):
            return self.dice.choice(staffed or days)
        return self.dice.choices(days, [self._weight(day) for day in days])[0]

    def spoken(self, day: date, *, by: str, after: datetime | None = None) -> datetime:
        """When somebody speaks on this day, on this channel; later than `after`."""
        at = self._at(day, SPEAKS[by])
        while after is not None and at <= after:
            day += DAY
            at = self._at(day, SPEAKS[by])
        return at

    def before(self, now: datetime, *, by: str) -> datetime:
        """When somebody spoke within the last day or so."""
        days = [self.day_of(now) - back * DAY for back in (0, 1)]
        drawn = [self._at(self.dice.choice(days), SPEAKS[by]) for _ in range(12)]
        past = [at for at in drawn if now - 2 * DAY < at < now - 5 * MINUTE]
        return past[0] if past else now - self.dice.randint(6, 600) * MINUTE

    def office(self, after: datetime, *, days: int = 0) -> datetime:
        """A moment in office hours, this many working days later."""
        day = self.day_of(after)
        for _ in range(days):
            day = self._workday_from(day + DAY)
        day = self._workday_from(day)
        later = [at for at in self._moments(day) if at > after]
        return later[0] if later else next(self._moments(self._workday_from(day + DAY)))

    def outing(self, after: datetime, *, kind: str, days: int) -> datetime:
        """When inspectors are at the place: undercover also in the evening and at weekends."""
        day = self.day_of(after) + max(1, days) * DAY
        if kind == "open":
            day = self._workday_from(day)
        return self._at(day, OUTINGS[kind])

    def workdays_before(self, day: date, number: int) -> date:
        """The day from which this many working days lead to `day`, or to the next working day."""
        day = self._workday_from(day)
        while number:
            number -= self.calendar.is_workday(day)
            day -= DAY
        return day

    def _workday_from(self, day: date) -> date:
        while not (self.on_duty or self.calendar.is_workday(day)):
            day += DAY
        return day

    def _moments(self, day: date) -> Iterator[datetime]:
        for _ in range(4):
            first, last = self.dice.choice(OFFICE_HOURS)
            begin = datetime.combine(day, first, self.zone)
            length = datetime.combine(day, last, self.zone) - begin
            yield begin + length * self.dice.random()

    def _at(self, day: date, likely: str) -> datetime:
        hour = self.dice.choices(range(24), [int(weight) for weight in likely])[0]
        seconds = self.dice.randrange(3600)
        return datetime.combine(day, time(hour), self.zone) + timedelta(seconds=seconds)

    def _weight(self, day: date) -> int:
        if self.calendar.is_holiday(day):
            return HOLIDAY
        return WORKDAY if self.calendar.is_workday(day) else WEEKEND
