"""The REST API of the exchange: the paths, parameters, answers and error codes of Twilio's 2010-04-01 API."""
