"""Records: tables and the constraints that must never be false."""

from tipline.models.base import Base
from tipline.models.canaries import Canary, CaseView
from tipline.models.cases import Case, Measure, Recusal, Referral
from tipline.models.claims import Leave, StaffSkill
from tipline.models.clinics import (
    Clinic,
    ClinicName,
    ClinicParty,
    ClinicPhone,
    Habit,
    Party,
    PartyRecord,
)
from tipline.models.clocks import Clock, ClockRule, TimeRequest
from tipline.models.evidence import Evidence
from tipline.models.feedback import Alarm, Rating
from tipline.models.identity import IdentityRequest
from tipline.models.inbox import Conversation, Inbound
from tipline.models.journal import Entry
from tipline.models.legal import Decision, Holding, Payment, Transfer
from tipline.models.licences import Licence
from tipline.models.listings import Listing
from tipline.models.matching import MatchKey
from tipline.models.notices import Addressee, Delivery, Fading, Notice, Provider
from tipline.models.reminders import Reminder
from tipline.models.rewards import LedgerEntry, Reward, RewardPart
from tipline.models.searching import SearchDocument, SearchToken
from tipline.models.staff import Grant, Office, OfficeDivision, Role, Staff
from tipline.models.tips import Contact, Message, Tip
from tipline.models.visits import CasePhoto, Resurgence, Visit, VisitOfficer, VisitPlan

__all__ = [
    "Addressee",
    "Alarm",
    "Base",
    "Canary",
    "Case",
    "CasePhoto",
    "CaseView",
    "Clinic",
    "ClinicName",
    "ClinicParty",
    "ClinicPhone",
    "Clock",
    "ClockRule",
    "Contact",
    "Conversation",
    "Decision",
    "Delivery",
    "Entry",
    "Evidence",
    "Fading",
    "Grant",
    "Habit",
    "Holding",
    "IdentityRequest",
    "Inbound",
    "Leave",
    "LedgerEntry",
    "Licence",
    "Listing",
    "MatchKey",
    "Measure",
    "Message",
    "Notice",
    "Office",
    "OfficeDivision",
    "Party",
    "PartyRecord",
    "Payment",
    "Provider",
    "Rating",
    "Recusal",
    "Referral",
    "Reminder",
    "Resurgence",
    "Reward",
    "RewardPart",
    "Role",
    "SearchDocument",
    "SearchToken",
    "Staff",
    "StaffSkill",
    "TimeRequest",
    "Tip",
    "Transfer",
    "Visit",
    "VisitOfficer",
    "VisitPlan",
]
