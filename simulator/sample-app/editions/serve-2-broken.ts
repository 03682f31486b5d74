/** A build that fails at its start, as one does whose new configuration nobody tried. */
console.error('Shop 2.0.0 cannot start: the setting "PaymentProvider" is not set.');
process.exit(1);
