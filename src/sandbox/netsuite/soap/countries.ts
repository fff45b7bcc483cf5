/**
 * NetSuite's names for countries (enumeration `Country` of platform.commonTypes.xsd) and the two letters that its REST
 * service uses for the same: ISO 3166-1, with IC, EA and XK for the three that it lacks. Written as letters + name.
 */
const table = `
  AF_afghanistan AX_alandIslands AL_albania DZ_algeria AS_americanSamoa AD_andorra AO_angola AI_anguilla
  AQ_antarctica AG_antiguaAndBarbuda AR_argentina AM_armenia AW_aruba AU_australia AT_austria AZ_azerbaijan
  BS_bahamas BH_bahrain BD_bangladesh BB_barbados BY_belarus BE_belgium BZ_belize BJ_benin BM_bermuda BT_bhutan
  BO_boliviaPlurinationalStateOf BQ_bonaireSintEustatiusAndSaba BA_bosniaAndHerzegovina BW_botswana BV_bouvetIsland
  BR_brazil IO_britishIndianOceanTerritory BN_bruneiDarussalam BG_bulgaria BF_burkinaFaso BI_burundi CV_caboVerde
  KH_cambodia CM_cameroon CA_canada IC_canaryIslands KY_caymanIslands CF_centralAfricanRepublic EA_ceutaAndMelilla
  TD_chad CL_chile CN_china CX_christmasIsland CC_cocosKeelingIslands CO_colombia KM_comoros CG_congo
  CD_congoTheDemocraticRepublicOfThe CK_cookIslands CR_costaRica CI_coteDIvoire HR_croatia CU_cuba CW_curacao
  CY_cyprus CZ_czechia DK_denmark DJ_djibouti DM_dominica DO_dominicanRepublic EC_ecuador EG_egypt SV_elSalvador
  GQ_equatorialGuinea ER_eritrea EE_estonia SZ_eswatini ET_ethiopia FK_falklandIslandsMalvinas FO_faroeIslands
  FJ_fiji FI_finland FR_france GF_frenchGuiana PF_frenchPolynesia TF_frenchSouthernTerritories GA_gabon GM_gambia
  GE_georgia DE_germany GH_ghana GI_gibraltar GR_greece GL_greenland GD_grenada GP_guadeloupe GU_guam GT_guatemala
  GG_guernsey GN_guinea GW_guineaBissau GY_guyana HT_haiti HM_heardIslandAndMcdonaldIslands VA_holySee HN_honduras
  HK_hongKong HU_hungary IS_iceland IN_india ID_indonesia IR_iranIslamicRepublicOf IQ_iraq IE_ireland IM_isleOfMan
  IL_israel IT_italy JM_jamaica JP_japan JE_jersey JO_jordan KZ_kazakhstan KE_kenya KI_kiribati
  KP_koreaTheDemocraticPeoplesRepublicOf KR_koreaTheRepublicOf XK_kosovo KW_kuwait KG_kyrgyzstan
  LA_laoPeoplesDemocraticRepublic LV_latvia LB_lebanon LS_lesotho LR_liberia LY_libya LI_liechtenstein LT_lithuania
  LU_luxembourg MO_macao MG_madagascar MW_malawi MY_malaysia MV_maldives ML_mali MT_malta MH_marshallIslands
  MQ_martinique MR_mauritania MU_mauritius YT_mayotte MX_mexico FM_micronesiaFederatedStatesOf
  MD_moldovaTheRepublicOf MC_monaco MN_mongolia ME_montenegro MS_montserrat MA_morocco MZ_mozambique MM_myanmar
  NA_namibia NR_nauru NP_nepal NL_netherlands NC_newCaledonia NZ_newZealand NI_nicaragua NE_niger NG_nigeria NU_niue
  NF_norfolkIsland MP_northernMarianaIslands MK_northMacedonia NO_norway OM_oman PK_pakistan PW_palau
  PS_palestineStateOf PA_panama PG_papuaNewGuinea PY_paraguay PE_peru PH_philippines PN_pitcairn PL_poland
  PT_portugal PR_puertoRico QA_qatar RE_reunion RO_romania RU_russianFederation RW_rwanda BL_saintBarthelemy
  SH_saintHelenaAscensionAndTristanDaCunha KN_saintKittsAndNevis LC_saintLucia MF_saintMartinFrenchPart
  PM_saintPierreAndMiquelon VC_saintVincentAndTheGrenadines WS_samoa SM_sanMarino ST_saoTomeAndPrincipe
  SA_saudiArabia SN_senegal RS_serbia SC_seychelles SL_sierraLeone SG_singapore SX_sintMaartenDutchPart SK_slovakia
  SI_slovenia SB_solomonIslands SO_somalia ZA_southAfrica GS_southGeorgiaAndTheSouthSandwichIslands SS_southSudan
  ES_spain LK_sriLanka SD_sudan SR_suriname SJ_svalbardAndJanMayen SE_sweden CH_switzerland SY_syrianArabRepublic
  TW_taiwan TJ_tajikistan TZ_tanzaniaTheUnitedRepublicOf TH_thailand TL_timorLeste TG_togo TK_tokelau TO_tonga
  TT_trinidadAndTobago TN_tunisia TR_turkiye TM_turkmenistan TC_turksAndCaicosIslands TV_tuvalu UG_uganda UA_ukraine
  AE_unitedArabEmirates GB_unitedKingdom US_unitedStates UM_unitedStatesMinorOutlyingIslands UY_uruguay
  UZ_uzbekistan VU_vanuatu VE_venezuelaBolivarianRepublicOf VN_vietNam VG_virginIslandsBritish VI_virginIslandsUS
  WF_wallisAndFutunaIslands EH_westernSahara YE_yemen ZM_zambia ZW_zimbabwe
`

const pairs = table
  .trim()
  .split(/\s+/)
  .map((pair) => [pair.slice(0, 2), pair.slice(2)] as const)
const byLetters = new Map(pairs)
const byName = new Map(pairs.map(([letters, name]) => [name, letters] as const))

export const countryNames: readonly string[] = pairs.map(([, name]) => name)

/** "US" → "_unitedStates"; undefined for letters that NetSuite does not know. */
export function countryName(letters: string): string | undefined {
  return byLetters.get(letters)
}

/** "_unitedStates" → "US"; undefined for a name that the schema does not have. */
export function countryLetters(name: string): string | undefined {
  return byName.get(name)
}
